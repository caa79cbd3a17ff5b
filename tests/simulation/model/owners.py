"""Holds that only their owner ends, such as an order's, and partial refunds.

An owner knows the end of its hold and the refunded points: it repeats no request.
"""

from __future__ import annotations

from tests.simulation.model.accounts import Parts
from tests.simulation.model.program import PlainHold, Refused
from tests.simulation.model.spending import SPENDABLE, Holding, total
from tests.simulation.steps import NEVER_S, Step

OWNERS_ACTS = ("collect", "unreserve", "return_part", "reverse")


class Owners(Holding):
    def by_owner(self, step: Step) -> Step | None:
        """The step as the owner asks for it; None if it asks for nothing."""
        if step.do == "reverse":
            return None if step.of in self.returned else step
        if step.do != "return_part":
            return step if step.of in self.holds and step.of not in self.ends else None
        left = self._left_of(step.of)
        points = left if step.whole else min(step.points, left)
        return step._replace(points=points, whole=False) if points else None

    def _left_of(self, n: int) -> int:
        """The points of a step that were spent and not returned."""
        if n not in self.spent or n in self.reversed:
            return 0
        return total(self.spent[n][1]) - self.returned.get(n, 0)

    def reserve(self, step: Step) -> Refused | None:
        refused = self.unit(step.on, SPENDABLE) or self.unwilling(step.on, step.points)
        if refused is None:
            parts = self.take(step.on, "hold", step.points)
            self.holds[step.n] = PlainHold(step.on, parts, step.points, NEVER_S * 1000, True)
        return refused

    def collect(self, step: Step) -> None:
        hold = self.holds[step.of]
        self.ends[step.of] = ("captured", hold.points)
        self.give(hold.on, "capture", [])
        self.accounts[hold.on].redeemed += hold.points
        self.spent[step.of] = (hold.on, hold.parts)

    def unreserve(self, step: Step) -> None:
        self._let_go(step.of, "released")

    def return_part(self, step: Step) -> None:
        on, parts = self.spent[step.of]
        before = self.returned.get(step.of, 0)
        self.returned[step.of] = before + step.points
        self.give(on, "reversal", _backwards(parts, before, step.points))
        self.accounts[on].redeemed -= step.points


def _backwards(parts: Parts, before: int, points: int) -> Parts:
    """So many points of those parts, from the one that lapses last, after so many before."""
    back, passed = [], 0
    for expiry, part in sorted(parts, reverse=True):
        first, last = max(passed, before), min(passed + part, before + points)
        if first < last:
            back.append((expiry, last - first))
        passed += part
    return back
