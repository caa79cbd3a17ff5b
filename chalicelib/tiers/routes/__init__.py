"""Routes of tiers: the ladder, the member's own standing, and acts of the staff."""

from chalicelib.tiers.routes import admin, forecasts, members
from chalicelib.tiers.routes.blueprint import tiers
