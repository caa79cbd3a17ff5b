"""Campaigns: what earns points, and the events of partners that tell of it."""

from chalicelib.earning.queries import ways_to_earn
from chalicelib.earning.rules.earning import WayToEarn

__all__ = ["WayToEarn", "ways_to_earn"]
