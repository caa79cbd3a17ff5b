"""The base of every resource: the file, the clock, the modes, and the events that follow."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from infra.local.clock import ProgramClock
from infra.local.stripe.errors import missing
from infra.local.stripe.modes import Modes
from infra.local.stripe.store import Object, Store, new_id

API_VERSION = "2026-10-28.endive"
# Later than any clock: waits until it is released.
HELD_MS = 1 << 53
_SHUFFLED_WITHIN_MS = 2000
# What Stripe calls a missing object, and the parameter that it names, where they are others.
_CALLED = {"balance_transaction": "balance transaction"}
_PARAMS = {
    "charge": "charge",
    "payment_intent": "intent",
    "payout": "payout",
    "transfer": "transfer",
}


class Provider:
    """One account at the provider."""

    def __init__(self, store: Store, home: Path, pay_page: str) -> None:
        """Take the file, the folder whose program's clock it follows, and where a person pays:
        an address with `{order}` in it."""
        self.store, self.pay_page = store, pay_page
        self._clock = ProgramClock(home)
        # The request of the events under way.
        self.request: dict[str, str | None] = {"id": None, "idempotency_key": None}

    def now_ms(self) -> int:
        """The provider's time: the machine's, ahead as the program's is, and as it was moved."""
        own: int = self.store.setting("clock_offset_ms", 0)
        return int((time.time() + self._clock.offset_s()) * 1000) + own

    def now_s(self) -> int:
        """The same in seconds."""
        return self.now_ms() // 1000

    def modes(self) -> Modes:
        """How it behaves now."""
        return msgspec.convert(self.store.setting("modes", {}), Modes)

    def set_modes(self, modes: Modes) -> None:
        """Behave otherwise from now on."""
        self.store.set("modes", msgspec.to_builtins(modes))

    def secrets(self) -> list[str]:
        """The secrets that sign webhooks: the newest first, two while they rotate."""
        found: list[str] = self.store.setting("webhook_secrets", [])
        return found

    def roll_secret(self) -> str:
        """A new webhook secret; the last one keeps signing beside it, older ones end."""
        new = f"whsec_{secrets.token_hex(16)}"
        self.store.set("webhook_secrets", [new, *self.secrets()[:1]])
        return new

    def find(self, kind: str, name: str, param: str | None = None) -> Object:
        """The object of a kind with this id.

        Raises WireError naming `param`, or what Stripe names for its kind.
        """
        found = self.store.get(kind, name)
        if found is None:
            raise missing(_CALLED.get(kind, kind), name, param or _PARAMS.get(kind, "id"))
        return found

    def make(self, kind: str, prefix: str, **facts: Any) -> Object:
        """A new object, not kept yet."""
        head = {"id": new_id(prefix), "object": kind, "created": self.now_s(), "livemode": False}
        return {**head, **facts}

    def emit(self, kind: str, about: Object) -> None:
        """Something happened: an Event, or twins, and their deliveries."""
        modes = self.modes()
        for _ in range(2 if modes.twins else 1):
            event = self.make(
                "event",
                "evt",
                api_version=API_VERSION,
                data={"object": about},
                pending_webhooks=1,
                request=self.request,
                type=kind,
            )
            self.store.put(event)
            for copy in range(modes.copies if self.store.setting("endpoint", None) else 0):
                self._deliver(event["id"], modes, copy)

    def _deliver(self, event: str, modes: Modes, copy: int) -> None:
        now_ms, due_ms = self.now_ms(), self.now_ms() + modes.late_s * 1000
        if modes.shuffled:
            place = self.store.place(event)
            seed = f"{modes.seed}|{place}|{copy}"
            due_ms += Random(seed).randrange(_SHUFFLED_WITHIN_MS)  # noqa: S311
        self.store.run(
            "INSERT INTO deliveries (event, due_ms, first_ms) VALUES (?, ?, ?)",
            event,
            HELD_MS if modes.held else due_ms,
            now_ms,
        )
