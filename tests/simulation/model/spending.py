"""Points that are spent, held, transferred or returned."""

from __future__ import annotations

from tests.simulation.model.accounts import Parts
from tests.simulation.model.program import PlainHold, Program, Refused
from tests.simulation.steps import (
    A_DAY,
    ACCOUNTS,
    AT_ONCE,
    TIMES_A_DAY,
    Step,
    program_day,
)

SPENDABLE, TRANSFERABLE = ("points", "rebate_cash"), ("points",)


def total(parts: Parts) -> int:
    return sum(points for _, points in parts)


class Spending(Program):
    def redeem(self, step: Step) -> Refused | None:
        refused = self.unit(step.on, SPENDABLE) or self.unwilling(step.on, step.points)
        if refused is None:
            self.spent[step.n] = (step.on, self.take(step.on, "redemption", step.points))
            self.accounts[step.on].redeemed += step.points
        return refused

    def reverse(self, step: Step) -> Refused | None:
        if step.of not in self.done:
            return None
        refused = self.mistaken(step, "redemption")
        if refused is None and step.of not in self.reversed:
            self.reversed.add(step.of)
            on, parts = self.spent[step.of]
            self.give(on, "reversal", parts)
            self.accounts[on].redeemed -= total(parts)
        return refused


class Holding(Program):
    def hold(self, step: Step) -> Refused | None:
        refused = self.unit(step.on, SPENDABLE) or self.unwilling(step.on, step.points)
        if refused is None:
            parts = self.take(step.on, "hold", step.points)
            until = (self.now_ms // 1000 + step.expires) * 1000
            self.holds[step.n] = PlainHold(step.on, parts, step.points, until, step.honours)
        return refused

    def capture(self, step: Step) -> Refused | None:
        hold = self.holds.get(step.of)
        if hold is None or self._ended_so(step, "captured", step.points):
            return None
        refused = self._over(step) or self._uncapturable(step, hold)
        if refused is None:
            left = self._left(hold, step.points, self.accounts[hold.on].at(self.now_ms))
            self.ends[step.of] = ("captured", step.points)
            self.give(hold.on, "capture", left)
            self.accounts[hold.on].redeemed += step.points
        return refused

    def _over(self, step: Step) -> Refused | None:
        status, _ = self.ends.get(step.of, (None, 0))
        return Refused("hold_ended", {"hold_status": status}) if status else None

    def _ended_so(self, step: Step, status: str, points: int) -> bool:
        """Whether the hold was ended by the same act, which makes this one a repetition."""
        return self.same_end_repeats and self.ends.get(step.of) == (status, points)

    def _uncapturable(self, step: Step, hold: PlainHold) -> Refused | None:
        account = self.accounts[(hold.on + 1) % len(ACCOUNTS) if step.stray else hold.on]
        at_ms = account.at(self.now_ms)
        if at_ms >= hold.until_ms:
            return Refused("hold_ended", {"hold_status": "expired"})
        if step.points > hold.points:
            return Refused("capture_exceeds_hold", {"held": hold.points})
        good = total(self._usable(hold, at_ms))
        if step.points > good:
            return Refused("hold_lapsed", {"capturable": good})
        return Refused("account_mismatch", {}) if step.stray else None

    def _usable(self, hold: PlainHold, at_ms: int) -> Parts:
        return [part for part in hold.parts if hold.honours or at_ms < part[0] * 1000]

    def _left(self, hold: PlainHold, wanted: int, at_ms: int) -> Parts:
        usable = sorted(self._usable(hold, at_ms))
        left = [part for part in hold.parts if part not in usable]
        for expiry, points in usable:
            spent = min(wanted, points)
            wanted -= spent
            left.append((expiry, points - spent))
        return left

    def release(self, step: Step) -> Refused | None:
        if step.of not in self.holds or self._released(step):
            return None
        refused = self._over(step)
        if refused is None and step.stray:
            refused = Refused("account_mismatch", {})
        if refused is None:
            self._let_go(step.of, "released")
        return refused

    def _released(self, step: Step) -> bool:
        return any(self._ended_so(step, status, 0) for status in ("released", "expired"))

    def time_out(self, step: Step) -> None:
        hold = self.holds.get(step.of)
        if hold is not None and step.of not in self.ends and self.now_ms >= hold.until_ms:
            self._let_go(step.of, "expired")

    def _let_go(self, n: int, status: str) -> None:
        self.ends[n] = (status, 0)
        self.give(self.holds[n].on, "release", self.holds[n].parts)


class Giving(Program):
    def transfer(self, step: Step) -> Refused | None:
        refused = self._send(step)
        if refused is None:
            self._receive(step.to, self.spent[step.n][1])
        return refused

    def escrow(self, step: Step) -> Refused | None:
        refused = self._send(step)
        if refused is None:
            self.escrows[step.n] = self.spent[step.n][1]
        return refused

    def claim(self, step: Step) -> None:
        if step.of in self.escrows:
            self._receive(step.to, self.escrows.pop(step.of))

    def give_back(self, step: Step) -> None:
        if step.of in self.escrows:
            parts, on = self.escrows.pop(step.of), self.spent[step.of][0]
            self.give(on, "reversal", parts)
            self.accounts[on].transferred += total(parts)

    def _send(self, step: Step) -> Refused | None:
        account, day = self.accounts[step.on], program_day(self.now_ms)
        sent, sends = (account.sent, account.sends) if account.day == day else (0, 0)
        refused = (
            self.unit(step.on, TRANSFERABLE)
            or self._above_limits(step.points, sent, sends)
            or self.unwilling(step.on, step.points)
        )
        if refused is None:
            self.spent[step.n] = (step.on, self.take(step.on, "transfer_out", step.points))
            account.transferred -= step.points
            account.day, account.sent, account.sends = day, sent + step.points, sends + 1
        return refused

    def _above_limits(self, points: int, sent: int, sends: int) -> Refused | None:
        left = max(A_DAY - sent, 0)
        if sends == TIMES_A_DAY and left:
            limit, at_most = "times_a_day", TIMES_A_DAY
        elif points > left <= AT_ONCE:
            limit, at_most = "points_a_day", left
        elif points > AT_ONCE:
            limit, at_most = "points_at_once", AT_ONCE
        else:
            return None
        return Refused("transfer_limit_reached", {"limit": limit, "at_most": at_most})

    def _receive(self, on: int, parts: Parts) -> None:
        self.give(on, "transfer_in", parts)
        self.accounts[on].transferred += total(parts)
