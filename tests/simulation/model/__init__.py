"""The ledger in plain arithmetic, written apart from it: the expected result of every step."""

from __future__ import annotations

from tests.simulation.model.earning import Earning
from tests.simulation.model.owners import OWNERS_ACTS, Owners
from tests.simulation.model.program import Made, Outcome, Program, Refused
from tests.simulation.model.spending import Giving, Spending
from tests.simulation.steps import MOST, NEVER_S, Step

__all__ = ["Made", "Model", "Outcome", "Program", "Refused"]


class Clock(Program):
    """Time goes on, steps back, or goes to the very millisecond of something still to come."""

    def wait(self, step: Step) -> None:
        self.now_ms += step.ms

    def to_lapse(self, step: Step) -> None:
        account = self.accounts[step.on]
        times = [each for each in account.live_times(self.now_ms) if each < NEVER_S]
        if len(times) > step.points:
            self._go(times[step.points] * 1000 + step.ms)

    def to_time_out(self, step: Step) -> None:
        if step.of in self.holds:
            self._go(self.holds[step.of].until_ms + step.ms)

    def to_unlock(self, step: Step) -> None:
        if step.of in self.pending:
            self._go(self.pending[step.of][2] + step.ms)

    def _go(self, to_ms: int) -> None:
        self.now_ms = max(self.now_ms, to_ms)


class Model(Clock, Earning, Spending, Owners, Giving):
    def resolved(self, step: Step) -> Step | None:
        """The step with its amount in points; None if it moves nothing now."""
        if step.do in OWNERS_ACTS:
            return self.by_owner(step)
        if step.do in ("redeem", "hold", "reserve", "transfer", "escrow", "adjust", "capture"):
            points = step.points
            if step.do == "capture" and step.whole and step.of in self.holds:
                points += self.holds[step.of].points
            elif step.whole:
                points += self.available(step.on) * (-1 if step.do == "adjust" else 1)
            points = min(points, MOST)
            if points < (-MOST if step.do == "adjust" else 1) or points == 0:
                return None
            step = step._replace(points=points, whole=step.whole and step.points == 0)
        if step.do == "transfer" and step.to == step.on:
            step = step._replace(to=(step.on + 1) % 3)
        if step.do == "claim" and step.of in self.spent and self.spent[step.of][0] == step.to:
            step = step._replace(to=(step.to + 1) % 3)
        return step

    def play(self, step: Step) -> Outcome:
        """The result of a resolved step; a refused one changes nothing."""
        if step.n in self.done:
            return []
        self.made = []
        refused: Refused | None = getattr(self, step.do)(step)
        if refused is not None:
            return refused
        if self.made:
            self.done[step.n] = step.do
            self.owner[step.n] = self.made[0][0]
        return self.made
