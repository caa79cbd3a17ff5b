"""The blueprint of the tiers' routes."""

from chalice.app import Blueprint

tiers = Blueprint(__name__)
