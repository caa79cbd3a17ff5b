"""Acts of owners of holds on the stored ledger: an order, a withdrawal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chalicelib import ledger
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.ledger import Entry
from tests.simulation.steps import Step
from tests.simulation.stored import StoredLedger


class OwnedLedger(StoredLedger):
    """The stored ledger, some of whose holds and redemptions have owners that remember."""

    def __init__(self) -> None:
        super().__init__()
        self._returned: dict[int, int] = {}
        self._returns: dict[int, int] = {}

    def _reserve(self, step: Step, now: datetime) -> None:
        hold_id, cause = self._hold_id(step.n), self._cause(step, now)
        self._once(
            step.on,
            cause.reference,
            lambda w, seen: ledger.hold_for_owner(w, seen, hold_id, step.points, cause, now),
        )

    def _collect(self, step: Step, now: datetime) -> None:
        self._end_owned(step, ledger.capture_for_owner, now)

    def _unreserve(self, step: Step, now: datetime) -> None:
        self._end_owned(step, ledger.release_for_owner, now)

    def _end_owned(self, step: Step, end: Callable[..., Entry], now: datetime) -> None:
        """End a hold like an owner that has recorded the end."""
        on, hold_id = self._steps[step.of].on, self._hold_id(step.of)
        name, cause = self.names[on], self._cause(step, now)

        def write() -> None:
            seen = ledger.find_account(name)
            if ledger.find_entry(name, f"{ledger.hold_reference(hold_id)}:end") is None:
                writes = WriteSet()
                end(writes, seen, hold_id, cause, now)
                writes.commit()

        with_fresh_reads(write)

    def _return_part(self, step: Step, now: datetime) -> None:
        made = self._made(step.of)
        assert made is not None, "what was spent is there"
        (on, spent), cause = made, self._cause(step, now)
        # A repetition is about the same points as it was the first time.
        before = self._returns.setdefault(step.n, self._returned.get(step.of, 0))
        self._once(
            on,
            cause.reference,
            lambda w, seen: ledger.refund(w, seen, spent, step.points, before, cause, now),
        )
        self._returned[step.of] = before + step.points
