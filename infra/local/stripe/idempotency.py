"""Idempotency keys: the first answer under a key is repeated for 24 hours.

Source: Stripe's API reference, "Idempotent requests": results of what was executed are kept,
failures too; what did not pass validation, or met a request under way, is not.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from infra.local.stripe.errors import WireError
from infra.local.stripe.provider import Provider

KEPT_MS = 24 * 3600 * 1000
LONGEST_KEY = 255
_KIND = "idempotency_error"


class Kept(NamedTuple):
    """An answer as it was sent."""

    status: int
    body: str


class Keys:
    """The keys of one account: in use, and answered."""

    def __init__(self, provider: Provider) -> None:
        """Take the account."""
        self._provider = provider
        self._lock = threading.Lock()
        self._in_use: set[str] = set()

    @contextmanager
    def using(self, key: str) -> Iterator[None]:
        """Hold a key while its request is under way.

        Raises WireError 409 if another request does.
        """
        if len(key) > LONGEST_KEY:
            message = f"Idempotency keys can be at most {LONGEST_KEY} characters."
            raise WireError(message, kept=False)
        with self._lock:
            if key in self._in_use:
                raise WireError(
                    "There is currently another in-progress request using this Idempotent Key.",
                    "idempotency_key_in_use",
                    status=409,
                    kind=_KIND,
                    kept=False,
                )
            self._in_use.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._in_use.discard(key)

    def find(self, key: str, asked: str) -> Kept | None:
        """The stored answer to the same request under this key, for a day.

        Raises WireError if it was another request.
        """
        rows = self._provider.store.run(
            "SELECT asked, status, body FROM answers WHERE key = ? AND at_ms > ?",
            key,
            self._provider.now_ms() - KEPT_MS,
        )
        if not rows:
            return None
        before, status, body = rows[0]
        if before != asked:
            raise WireError(
                "Keys for idempotent requests can only be used with the same parameters they were "
                f"first used with. Try using a key other than '{key}' if you meant to execute a "
                "different request.",
                kind=_KIND,
                kept=False,
            )
        return Kept(status, body)

    def keep(self, key: str, asked: str, answer: Kept) -> None:
        """Store the answer in the transaction of the request."""
        self._provider.store.run(
            "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)",
            key,
            asked,
            answer.status,
            answer.body,
            self._provider.now_ms(),
        )
