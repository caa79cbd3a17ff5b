"""How often DynamoDB is asked again, and how long each time is waited before."""

from __future__ import annotations

import random
import time

ATTEMPTS = 12
FIRST_PAUSE_S = 0.01
LONGEST_PAUSE_S = 0.4


def pause(tried: int, longest_s: float = LONGEST_PAUSE_S) -> None:
    """Wait before another try, after so many: longer each time, with jitter."""
    longest = min(longest_s, FIRST_PAUSE_S * 2**tried)
    time.sleep(random.uniform(0, longest))  # noqa: S311 - jitter, not a secret
