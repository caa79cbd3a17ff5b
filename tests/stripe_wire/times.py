"""Moments of the provider's clock in tests."""

from __future__ import annotations

import time

DAY_S = 24 * 3600


def later_ms() -> int:
    return int((time.time() + 366 * DAY_S) * 1000)
