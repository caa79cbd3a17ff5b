"""The rules themselves under a history: accounts in memory, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from chalicelib.kernel.errors import JifenError
from chalicelib.ledger import rules
from chalicelib.ledger.errors import HoldEnded
from chalicelib.ledger.rules import Account, Cause, Credit, Entry, Hold, Pending, TransferLimits
from chalicelib.ledger.rules.holds import TIME_OUT, status_of
from chalicelib.ledger.rules.lots import Lots, negative
from tests.simulation.model import Outcome, Refused
from tests.simulation.steps import (
    A_DAY,
    ACCOUNTS,
    AT_ONCE,
    TIMES_A_DAY,
    Step,
    paid_for,
    program_day,
    refund_of,
)

LIMITS = TransferLimits(AT_ONCE, A_DAY, TIMES_A_DAY)


class PureLedger:
    """`accounts` and `entries` (of the last step) by the account's number."""

    def __init__(self) -> None:
        self.accounts = [Account(name) for name in ACCOUNTS]
        self.now_ms = 0
        self.entries: list[tuple[int, Entry]] = []
        self._drafts: dict[int, tuple[Account, list[Entry]]] = {}
        self._by_step: dict[int, tuple[int, Entry]] = {}
        self._holds: dict[int, Hold] = {}
        self._ends: dict[int, Entry] = {}
        self._pending: dict[int, Pending] = {}
        self._refunded: dict[int, int] = {}
        self._returned: dict[int, int] = {}
        self._reversed: set[int] = set()
        self._escrows: dict[int, Lots] = {}

    def play(self, step: Step, now_ms: int) -> Outcome:
        self.now_ms, self._drafts, self.entries = now_ms, {}, []
        if step.n in self._by_step:
            return []
        try:
            getattr(self, step.do, self._nothing)(step)
        except JifenError as error:
            return Refused(error.code, error.facts)
        for on, (account, entries) in self._drafts.items():
            self.accounts[on] = account
            self.entries += [(on, entry) for entry in entries]
        return [(on, entry.type) for on, entry in self.entries]

    def _nothing(self, step: Step) -> None:
        """The clock is not the ledger's."""

    def _write(
        self, step: Step, on: int, rule: Callable[[Account], tuple[Account, Sequence[Entry]]]
    ) -> Entry:
        account, first = rules.expire(self.accounts[on], self.now_ms)
        account, made = rule(account)
        account, last = rules.expire(account, self.now_ms)
        entries = [entry for entry in (first, *made, last) if entry is not None]
        self._drafts[on] = (account, entries)
        self._by_step.setdefault(step.n, (on, made[0]))
        return made[0]

    def _one(self, step: Step, on: int, rule: Callable[[Account], tuple[Account, Entry]]) -> Entry:
        def listed(account: Account) -> tuple[Account, list[Entry]]:
            after, entry = rule(account)
            return after, [entry]

        return self._write(step, on, listed)

    def _cause(self, step: Step, rule: str | None = None) -> Cause:
        return Cause(f"{step.do}:{step.n}", "test", self.now_ms, rule, b"content")

    def _seconds(self, after: int) -> int:
        return self.now_ms // 1000 + after

    def _elsewhere(self, step: Step, on: int) -> int:
        return (on + 1) % len(self.accounts) if step.stray else on

    def accrue(self, step: Step) -> None:
        unlocks = None if step.unlocks is None else self._seconds(step.unlocks)
        lapses, cause = self._seconds(step.expires), self._cause(step, "rule")
        credit = Credit(step.points, lapses, cause, unlocks)
        self._one(step, step.on, lambda account: rules.accrue(account, credit, self.now_ms))
        if unlocks is not None:
            self._pending[step.n] = Pending(
                ACCOUNTS[step.on], cause.reference, step.points, lapses, unlocks, "test", "rule"
            )

    def unlock(self, step: Step) -> None:
        waiting = self._pending.get(step.of)
        if waiting is not None:
            on = self._by_step[step.of][0]
            self._one(step, on, lambda account: rules.unlock(account, waiting, self.now_ms))
            del self._pending[step.of]

    def redeem(self, step: Step) -> None:
        cause = self._cause(step)
        self._one(
            step, step.on, lambda account: rules.redeem(account, step.points, cause, self.now_ms)
        )

    def reverse(self, step: Step) -> None:
        if step.of in self._by_step and step.of not in self._reversed:
            on, undone = self._by_step[step.of]
            self._give_back(step, self._elsewhere(step, on), undone)
            self._reversed.add(step.of)
        elif step.of in self._by_step and step.stray:
            on, undone = self._by_step[step.of]
            self._give_back(step, self._elsewhere(step, on), undone)

    def _give_back(self, step: Step, on: int, undone: Entry) -> None:
        cause = self._cause(step)
        self._one(step, on, lambda account: rules.reverse(account, undone, cause, self.now_ms))

    def hold(self, step: Step) -> None:
        made: list[Hold] = []

        def hold(account: Account) -> tuple[Account, Entry]:
            after, entry, new = rules.hold(
                account,
                f"shop:{step.n}",
                step.points,
                self._seconds(step.expires),
                self._cause(step),
                self.now_ms,
            )
            made.append(new)
            return after, entry

        self._one(step, step.on, hold)
        self._holds[step.n] = replace(made[0], honours_lapsed=step.honours)

    def capture(self, step: Step) -> None:
        points = None if step.whole else step.points
        self._end(step, lambda a, h, c: rules.capture(a, h, points, c, self.now_ms))

    def release(self, step: Step) -> None:
        self._end(step, lambda a, h, c: rules.release(a, h, c, self.now_ms))

    def time_out(self, step: Step) -> None:
        held = self._holds.get(step.of)
        if held is not None and step.of not in self._ends and held.has_timed_out(self.now_ms):
            step = step._replace(stray=False)
            self._end(step, lambda a, h, c: rules.release(a, h, c, self.now_ms), TIME_OUT)

    def _end(
        self,
        step: Step,
        rule: Callable[[Account, Hold, Cause], tuple[Account, Entry]],
        why: str | None = None,
    ) -> None:
        held = self._holds.get(step.of)
        if held is None:
            return
        end = self._ends.get(step.of)
        if end is not None:
            raise HoldEnded(hold_status=status_of(held, end, self.now_ms))
        on = self._elsewhere(step, ACCOUNTS.index(held.account_id))
        cause = self._cause(step, why)
        self._ends[step.of] = self._one(step, on, lambda account: rule(account, held, cause))

    def reserve(self, step: Step) -> None:
        made: list[Hold] = []

        def hold(account: Account) -> tuple[Account, Entry]:
            name, cause = f"order:{step.n}", self._cause(step)
            after, entry, new = rules.hold(
                account, name, step.points, rules.NEVER, cause, self.now_ms
            )
            made.append(new)
            return after, entry

        self._one(step, step.on, hold)
        self._holds[step.n] = replace(made[0], honours_lapsed=True)

    def collect(self, step: Step) -> None:
        self._end(step, lambda a, h, c: rules.capture(a, h, None, c, self.now_ms))

    def unreserve(self, step: Step) -> None:
        self._end(step, lambda a, h, c: rules.release(a, h, c, self.now_ms))

    def return_part(self, step: Step) -> None:
        on, spent = self._by_step[step.of]
        lots, before = negative(spent.lots), self._returned.get(step.of, 0)
        cause = self._cause(step)
        self._one(
            step,
            on,
            lambda account: rules.refund(account, lots, step.points, before, cause, self.now_ms),
        )
        self._returned[step.of] = before + step.points

    def transfer(self, step: Step) -> None:
        sent = self._send(step)
        self._receive(step, step.to, negative(sent.lots))

    def escrow(self, step: Step) -> None:
        self._escrows[step.n] = negative(self._send(step).lots)

    def _send(self, step: Step) -> Entry:
        day, cause = program_day(self.now_ms), self._cause(step)
        return self._one(
            step,
            step.on,
            lambda account: rules.send(account, step.points, LIMITS, day, cause, self.now_ms),
        )

    def _receive(self, step: Step, on: int, lots: Lots) -> None:
        cause = self._cause(step)
        self._one(step, on, lambda account: rules.receive(account, lots, cause, self.now_ms))

    def claim(self, step: Step) -> None:
        if step.of in self._escrows:
            self._receive(step, step.to, self._escrows.pop(step.of))

    def give_back(self, step: Step) -> None:
        if step.of in self._escrows:
            del self._escrows[step.of]
            self._give_back(step, *self._by_step[step.of])

    def adjust(self, step: Step) -> None:
        lapses, cause = self._seconds(step.expires), self._cause(step)
        self._one(
            step,
            step.on,
            lambda account: rules.adjust(account, step.points, lapses, cause, self.now_ms),
        )

    def refund(self, step: Step) -> None:
        if step.of not in self._by_step:
            return
        on, accrual = self._by_step[step.of]
        granted, paid = accrual.effect.from_outside, paid_for(step.of)
        before = self._refunded.get(step.of, 0)
        after = refund_of(step, before)
        points = rules.pro_rata(granted, paid, after) - rules.pro_rata(granted, paid, before)
        points = granted + 1 if step.whole else points
        if points or step.stray or accrual.type != rules.ACCRUAL:
            self._claw_back(step, self._elsewhere(step, on), accrual, points)
        self._refunded[step.of] = after

    def _claw_back(self, step: Step, on: int, accrual: Entry, points: int) -> None:
        waiting = self._pending.get(step.of)
        cause = self._cause(step)

        def claw_back(account: Account) -> tuple[Account, list[Entry]]:
            return rules.claw_back(account, accrual, points, waiting, cause, self.now_ms)

        entry = self._write(step, on, claw_back)
        if waiting is not None:
            left = waiting.points + entry.effect.pending
            self._pending[step.of] = replace(waiting, points=left)
            if not left:
                del self._pending[step.of]

    def lapse(self, step: Step) -> None:
        account, entry = rules.expire(self.accounts[step.on], self.now_ms)
        if entry is not None:
            self._drafts[step.on] = (account, [entry])
            self._by_step[step.n] = (step.on, entry)

    def freeze(self, step: Step) -> None:
        self.accounts[step.on] = replace(self.accounts[step.on], status=rules.FROZEN)

    def unfreeze(self, step: Step) -> None:
        self.accounts[step.on] = replace(self.accounts[step.on], status=rules.ACTIVE)
