"""Notices to members: an inbox, text messages, letters. It only consumes facts."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
