"""The blueprint of the members' routes."""

from chalice.app import Blueprint

members = Blueprint(__name__)
