"""Points that are earned, pending, clawed back or lapsed."""

from __future__ import annotations

from fractions import Fraction

from tests.simulation.model.accounts import PlainAccount
from tests.simulation.model.program import PlainGrant, Program, Refused
from tests.simulation.steps import Step, paid_for, refund_of

# The policy for clawed back points that are already spent.
AFTER_SPENDING = {"points": "debt", "growth": "written off", "rebate_cash": "debt and frozen"}


class Earning(Program):
    def accrue(self, step: Step) -> None:
        expiry = self.now_ms // 1000 + step.expires

        def grant(account: PlainAccount, at_ms: int) -> tuple[int, ...]:
            account.accrued += step.points
            before = account.by_expiry()
            if step.unlocks is None:
                account.give([(expiry, step.points)], at_ms)
            after = account.by_expiry()
            return tuple(e for e, points in after.items() if points > before.get(e, 0))

        raised = self.entry(step.on, "accrual", grant)
        self.grants[step.n] = PlainGrant(step.on, step.points, raised)
        if step.unlocks is not None:
            unlocks = (self.now_ms // 1000 + step.unlocks) * 1000
            self.pending[step.n] = (step.points, expiry, unlocks)

    def unlock(self, step: Step) -> None:
        if step.of in self.pending:
            points, expiry, _ = self.pending.pop(step.of)
            self.give(self.grants[step.of].on, "unlock", [(expiry, points)])

    def adjust(self, step: Step) -> Refused | None:
        if step.points < 0 and (refused := self.missing(step.on, -step.points)):
            return refused
        if step.points > 0:
            expiry = self.now_ms // 1000 + step.expires
            self.give(step.on, "adjustment", [(expiry, step.points)])
        else:
            self.take(step.on, "adjustment", -step.points)
        self.accounts[step.on].adjusted += step.points
        return None

    def refund(self, step: Step) -> Refused | None:
        if step.of not in self.done:
            return None
        if refused := self.mistaken(step, "accrual"):
            return refused
        granted = self.grants[step.of].points
        if step.whole:
            return Refused("clawback_exceeds_accrual", {"granted": granted})
        paid, before = paid_for(step.of), self.refunded.get(step.of, 0)
        after = self.refunded[step.of] = refund_of(step, before)
        share = int(Fraction(granted * after, paid)) - int(Fraction(granted * before, paid))
        if share:
            self._claw_back(step.of, share)
        return None

    def _claw_back(self, n: int, points: int) -> None:
        grant = self.grants[n]
        waiting, expiry, unlocks = self.pending.pop(n, (0, 0, 0))
        if waiting > points:
            self.pending[n] = (waiting - points, expiry, unlocks)

        def take(account: PlainAccount, at_ms: int) -> int:
            account.accrued -= points
            short = points - min(points, waiting)
            for lots in (grant.raised, None):
                short -= sum(part for _, part in account.take(short, at_ms, lots))
            return short

        short = self.entry(grant.on, "clawback", take)
        if short:
            self._follow_policy(grant.on, short)

    def _follow_policy(self, on: int, short: int) -> None:
        account = self.accounts[on]
        if AFTER_SPENDING[account.unit] == "written off":
            account.adjusted += short
            self.write_down(on, "adjustment", account.last_ms)
            return
        account.debt += short
        if AFTER_SPENDING[account.unit] == "debt and frozen":
            account.frozen = True

    def lapse(self, step: Step) -> None:
        self.forget(step.on, self.accounts[step.on].at(self.now_ms))

    def freeze(self, step: Step) -> None:
        self.accounts[step.on].frozen = True

    def unfreeze(self, step: Step) -> None:
        self.accounts[step.on].frozen = False
