"""Campaigns: prices for a time, lotteries, missions, places, and what all of it brought."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
