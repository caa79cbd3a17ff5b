"""The ledger's actions under a history, on a real engine; the claims read stored items."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.kernel.errors import JifenError
from chalicelib.kernel.store.tables import connection
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads
from chalicelib.ledger import Account, Cause, Credit, Entry
from chalicelib.ledger.actions import movements
from chalicelib.ledger.tables import (
    ACCOUNT,
    PENDING,
    AccountItem,
    EntryItem,
    PendingItem,
    account_key,
)
from infra.bench.write_units import item_size
from tests.simulation.claims import hold_true
from tests.simulation.model import Outcome, Refused
from tests.simulation.steps import ACCOUNTS, Step, paid_for, refund_of

KB = 1024
# An entry that moves as many lots may take a second KB.
MANY_LOTS = 9
Add = Callable[[WriteSet, Account], object]


class StoredLedger:
    """The accounts of one history, each of a member of its own, read back after every step."""

    def __init__(self) -> None:
        self.key = ids.new_id("sim")
        self.names = [
            ledger.account_of(f"{self.key}{number}", name.partition(":")[2])
            for number, name in enumerate(ACCOUNTS)
        ]
        self.entries: list[tuple[int, Entry]] = []
        self.raw: list[dict[str, Any]] = [{} for _ in ACCOUNTS]
        self.accounts = [Account(name) for name in self.names]
        self._refunded: dict[int, int] = {}
        self._refunds: dict[int, tuple[int, int]] = {}
        self._wrote: set[int] = set()
        self._steps: dict[int, Step] = {}

    def play(self, step: Step, now_ms: int) -> Outcome:
        """Do a step, then read all accounts back; Refused if it was."""
        refused = self.act(step, now_ms)
        return self.outcome(step, refused)

    def outcome(self, step: Step, refused: Refused | None) -> Outcome:
        """The stored state; a refusal has left it byte for byte unchanged."""
        before = self.raw
        made = self.read_back()
        if made:
            self._wrote.add(step.n)
        if step.n not in self._wrote:
            self._refunds.pop(step.n, None)
        if refused is None:
            return made
        hold_true("a refusal writes nothing", made == [] and self.raw == before, made)
        return refused

    def act(self, step: Step, now_ms: int) -> Refused | None:
        """Do a step as a caller would, the same way again if it is tried again."""
        self._steps.setdefault(step.n, step)
        try:
            getattr(self, f"_{step.do}", self._nothing)(step, clock.from_ms(now_ms))
        except JifenError as error:
            return Refused(error.code, error.facts)
        return None

    def read_back(self) -> list[tuple[int, str]]:
        """Every account as it is stored, and the entries since; their types by account."""
        before, self.entries = self.accounts, []
        self.raw = self._stored()
        self.accounts = [
            AccountItem.from_raw_data(raw).value() if raw else Account(name)
            for raw, name in zip(self.raw, self.names, strict=True)
        ]
        for on, (raw, old, new) in enumerate(zip(self.raw, before, self.accounts, strict=True)):
            hold_true("an account is under 1 KB", item_size(raw) < KB, raw)
            if new.seq != old.seq:
                self.entries += [(on, entry) for entry in self._entries_after(old)]
            if old == new:
                self.accounts[on] = old
        return [(on, entry.type) for on, entry in self.entries]

    def _stored(self) -> list[dict[str, Any]]:
        table = AccountItem.Meta.table_name
        keys = [{"pk": {"S": account_key(name)}, "sk": {"S": ACCOUNT}} for name in self.names]
        client: Any = connection().client
        answer = client.batch_get_item(RequestItems={table: {"Keys": keys, "ConsistentRead": True}})
        by_key = {item["pk"]["S"]: item for item in answer["Responses"][table]}
        return [by_key.get(account_key(name), {}) for name in self.names]

    def _entries_after(self, old: Account) -> list[Entry]:
        last = f"{old.last_at_ms:015d}#{old.seq:010d}"
        items = EntryItem.history_index.query(
            account_key(old.id), EntryItem.history > last, consistent_read=True
        )
        entries = []
        for item in items:
            entry = item.value()
            size = item_size(item.serialize())
            hold_true(
                "an entry is under 1 KB", size < KB * (1 if len(entry.lots) < 9 else 2), entry
            )
            hold_true("the stored hash is the entry's", item.hash == entry.hash, entry)
            entries.append(entry)
        return entries

    def waiting(self, on: int) -> int:
        """The points in an account's records of pending ones."""
        found = PendingItem.query(
            account_key(self.names[on]), PendingItem.sk.startswith(PENDING), consistent_read=True
        )
        return sum(item.points for item in found)

    def _nothing(self, step: Step, now: datetime) -> None:
        """The clock is not the ledger's."""

    def _reference(self, n: int) -> str:
        step = self._steps[n]
        if step.do in ("transfer", "escrow"):
            return ledger.transfer_reference(f"{self.key}-{n}")
        held = step.do in ("hold", "reserve")
        return f"hold:{self._hold_id(n)}" if held else f"{step.do}:{n}"

    def _hold_id(self, n: int) -> str:
        return f"shop:{self.key}-{n}"

    def _cause(self, step: Step, now: datetime) -> Cause:
        content = ids.digest(repr(step).encode())
        return Cause(self._reference(step.n), "test", clock.to_ms(now), None, content)

    def _once(self, on: int, reference: str, add: Add) -> None:
        """Write, or answer from the write of an earlier attempt, like every use case."""
        name = self.names[on]

        def write() -> object:
            writes = WriteSet()
            add(writes, ledger.find_account(name))
            writes.commit()
            return reference

        replay_outranks_refusal(write, lambda: ledger.find_entry(name, reference))

    def _accrue(self, step: Step, now: datetime) -> None:
        second = int(now.timestamp())
        unlocks = None if step.unlocks is None else second + step.unlocks
        cause = self._cause(step, now)
        credit = Credit(step.points, second + step.expires, cause, unlocks)
        self._once(step.on, cause.reference, lambda w, seen: ledger.accrue(w, seen, [credit], now))

    def _unlock(self, step: Step, now: datetime) -> None:
        if (made := self._made(step.of)) is not None:
            on, entry = made
            ledger.unlock(self.names[on], entry.reference, now, early=True)

    def _redeem(self, step: Step, now: datetime) -> None:
        cause = self._cause(step, now)
        self._once(
            step.on,
            cause.reference,
            lambda w, seen: ledger.redeem(w, seen, step.points, cause, now),
        )

    def _made(self, n: int) -> tuple[int, Entry] | None:
        """The entry that a step made first, and the number of its account."""
        step = self._steps.get(n)
        if step is None or n not in self._wrote:
            return None
        on, reference = step.on, self._reference(n)
        if step.do == "reverse":
            undone = self._made(step.of)
            if undone is None:
                return None
            on, reference = undone[0], ledger.reversal_of(undone[1].reference)
        entry = ledger.find_entry(self.names[on], reference)
        return (on, entry) if entry is not None else None

    def _elsewhere(self, step: Step, on: int) -> int:
        return (on + 1) % len(self.names) if step.stray else on

    def _reverse(self, step: Step, now: datetime) -> None:
        if (made := self._made(step.of)) is not None:
            on, undone = made
            cause = self._cause(step, now)
            self._once(
                self._elsewhere(step, on),
                ledger.reversal_of(undone.reference),
                lambda w, seen: ledger.reverse(w, seen, undone, cause, now),
            )

    def _hold(self, step: Step, now: datetime) -> None:
        until = int(now.timestamp()) + step.expires
        hold_id, cause = self._hold_id(step.n), self._cause(step, now)
        ledger.place_hold(self.names[step.on], hold_id, step.points, until, cause, now)

    def _capture(self, step: Step, now: datetime) -> None:
        if step.of in self._steps and self._made(step.of) is not None:
            points = None if step.whole else step.points
            ledger.capture_hold(self._hold_id(step.of), points, now)

    def _release(self, step: Step, now: datetime) -> None:
        if step.of in self._steps and self._made(step.of) is not None:
            ledger.release_hold(self._hold_id(step.of), now)

    def _time_out(self, step: Step, now: datetime) -> None:
        ledger.time_out_hold(self._hold_id(step.of), now)

    def _transfer(self, step: Step, now: datetime) -> None:
        cause = self._cause(step, now)
        ledger.transfer(self.names[step.on], self.names[step.to], step.points, cause, now)

    def _escrow(self, step: Step, now: datetime) -> None:
        ledger.transfer_to_escrow(
            self.names[step.on],
            self._claimant(step.n),
            b"sealed",
            step.points,
            self._cause(step, now),
            now,
        )

    def _claimant(self, n: int) -> str:
        return f"{self.key}-{n}"

    def _claim(self, step: Step, now: datetime) -> None:
        for escrow in ledger.escrows_of(self._claimant(step.of)):
            ledger.claim_gift(escrow, self.names[step.to], now)

    def _give_back(self, step: Step, now: datetime) -> None:
        for escrow in ledger.escrows_of(self._claimant(step.of)):
            ledger.return_gift(escrow, now, early=True)

    def _adjust(self, step: Step, now: datetime) -> None:
        cause, expires = self._cause(step, now), int(now.timestamp()) + step.expires
        self._once(
            step.on,
            cause.reference,
            lambda w, seen: movements.adjust(w, seen, step.points, expires, cause, now),
        )

    def _refund(self, step: Step, now: datetime) -> None:
        made = self._made(step.of)
        if made is None:
            return
        on, accrual = made
        granted, paid = accrual.effect.from_outside, paid_for(step.of)
        so_far = self._refunded.get(step.of, 0)
        # A repetition is about the same money as it was the first time.
        asked = self._refunds.setdefault(step.n, (so_far, refund_of(step, so_far)))
        before, after = asked
        shares = (ledger.pro_rata(granted, paid, each) for each in (after, before))
        points = granted + 1 if step.whole else next(shares) - next(shares)
        if points or step.stray or accrual.type != "accrual":
            cause = self._cause(step, now)
            self._once(
                self._elsewhere(step, on),
                cause.reference,
                lambda w, seen: movements.claw_back(w, seen, accrual, points, cause, now),
            )
        self._refunded[step.of] = max(so_far, after)

    def _lapse(self, step: Step, now: datetime) -> None:
        ledger.expire(self.names[step.on], now)

    def _freeze(self, step: Step, now: datetime) -> None:
        self._set_status(step, ledger.FROZEN, now)

    def _unfreeze(self, step: Step, now: datetime) -> None:
        self._set_status(step, ledger.ACTIVE, now)

    def _set_status(self, step: Step, status: str, now: datetime) -> None:
        member = self.names[step.on].partition(":")[0]

        def write() -> None:
            writes = WriteSet()
            ledger.set_status(writes, member, status, now)
            if len(writes):
                writes.commit()

        with_fresh_reads(write)
