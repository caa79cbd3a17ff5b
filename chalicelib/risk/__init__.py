"""Risk: what is known of abuse by members, a score by published rules, and what follows."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
