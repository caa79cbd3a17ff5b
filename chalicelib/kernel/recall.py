"""What a process read a moment ago and may use again without asking."""

from __future__ import annotations

import time
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recall(Generic[K, V]):
    """Values by key, each for `kept_s` seconds; all go before there are more than `most`."""

    def __init__(self, kept_s: int, most: int) -> None:
        self._kept_ns, self._most = kept_s * 1_000_000_000, most
        self._found: dict[K, tuple[V, int]] = {}

    def get(self, key: K) -> V | None:
        """The value, or None if there is none of late."""
        value, until_ns = self._found.get(key, (None, 0))
        return value if time.monotonic_ns() < until_ns else None

    def keep(self, key: K, value: V) -> None:
        if key not in self._found and len(self._found) >= self._most:
            self._found.clear()
        self._found[key] = (value, time.monotonic_ns() + self._kept_ns)

    def drop(self, key: K) -> None:
        self._found.pop(key, None)

    def clear(self) -> None:
        self._found.clear()
