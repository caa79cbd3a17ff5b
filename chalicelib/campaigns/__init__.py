"""Campaigns: what earns points, and the events of partners that tell of it."""

from chalicelib.campaigns.queries import ways_to_earn
from chalicelib.campaigns.views import WayToEarn

__all__ = ["WayToEarn", "ways_to_earn"]
