"""Products, SKUs, stock and code pools. Orders sell what `want_offers` finds."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
