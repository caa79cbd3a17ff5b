"""A day of reconciliation: its control totals, and its findings."""

from __future__ import annotations

from datetime import date

import msgspec
from msgspec.structs import replace

from chalicelib.finance.rules.reconciled_lines import (
    BALANCE_DIFFERS,
    CLEAN,
    LATE,
    MISSING_HERE,
    MISSING_THERE,
    BookLine,
    kind_of_pair,
)
from chalicelib.finance.rules.reconciliation import Finding
from chalicelib.kernel.errors import NotAllowedInThisState, Words

# The other side may arrive until the next day is done; then the finding opens for finance. Lines
# that matched within their day, and findings that others replaced, are in no list.
WAITING, OPEN, EXPLAINED, DROPPED = "waiting", "open", "explained", "dropped"
_STATES = {
    WAITING: Words("等待中", "Waiting"),
    OPEN: Words("待说明", "Open"),
    EXPLAINED: Words("已说明", "Explained"),
    DROPPED: Words("已消除", "Dropped"),
}
ALONE = (MISSING_HERE, MISSING_THERE)


class Totals(msgspec.Struct, frozen=True):
    """One currency's day at the provider, by our journal and by its books, in minor units.

    `here` is our journal, `there` the provider's books, each from the day's opening. `balance` is
    the provider's balance when the day ended, None if it was not read in time. `told` is the
    difference that earlier days' findings have reported.
    """

    opening_here: int = 0
    opening_there: int = 0
    lines_here: int = 0
    here: int = 0
    lines_there: int = 0
    there: int = 0
    balance: int | None = None
    told: int = 0

    @property
    def closing_here(self) -> int:
        return self.opening_here + self.here

    @property
    def closing_there(self) -> int:
        return self.opening_there + self.there

    @property
    def in_findings(self) -> int:
        """The excess of the provider's books over ours: the sum of the findings."""
        return self.closing_there - self.closing_here

    @property
    def unexplained(self) -> int | None:
        """The provider's balance beyond its books; 0 when the books close."""
        return None if self.balance is None else self.balance - self.closing_there

    def added(self, *, here: tuple[int, int], there: tuple[int, int]) -> Totals:
        """The totals with more (lines, net) on both sides."""
        return msgspec.structs.replace(
            self,
            lines_here=self.lines_here + here[0],
            here=self.here + here[1],
            lines_there=self.lines_there + there[0],
            there=self.there + there[1],
        )

    def next_day(self) -> Totals:
        told = self.told if self.unexplained is None else self.unexplained
        return Totals(self.closing_here, self.closing_there, told=told)


class Day(msgspec.Struct, frozen=True):
    """The progress of a day: lines before `position_ms` are done. `counts` are by kind."""

    day: date
    position_ms: int
    is_done: bool = False
    counts: dict[str, int] = msgspec.field(default_factory=dict)
    totals: dict[str, Totals] = msgspec.field(default_factory=dict)
    version: int = 0

    def opens(self, day: date, position_ms: int) -> Day:
        """The day after this one."""
        return Day(day, position_ms, totals={k: v.next_day() for k, v in self.totals.items()})


class Case(msgspec.Struct, frozen=True):
    """A stored finding, with the day of its first discovery (`since`).

    `amount` is the size of a difference of balances. `note` is finance's explanation, sealed to
    the key; `by` is its author.
    """

    key: str
    kind: str
    status: str
    since: date
    ours: BookLine | None = None
    theirs: BookLine | None = None
    opened: date | None = None
    amount: int | None = None
    note: bytes | None = None
    by: str | None = None
    version: int = 1

    @property
    def currency(self) -> str:
        if self.kind == BALANCE_DIFFERS:
            return self.key.split(":")[1]
        line = self.theirs or self.ours
        assert line is not None, "a finding is about a line"
        return line.currency

    @property
    def difference(self) -> int:
        """The excess at the provider over our journal because of it."""
        if self.amount is not None:
            return self.amount
        return (self.theirs.net if self.theirs else 0) - (self.ours.net if self.ours else 0)

    def as_finding(self) -> Finding:
        return Finding(self.kind, self.key, self.ours, self.theirs)


def balance_case(currency: str, amount: int, day: date) -> Case:
    """The case of money at the provider that no books explain, since a day."""
    key = f"balance:{currency}:{day}"
    return Case(key, BALANCE_DIFFERS, OPEN, day, opened=day, amount=amount)


def updated(seen: Case | None, finding: Finding, day: date) -> Case:
    """The case after a finding; unchanged if the finding adds nothing."""
    if seen is None:
        return _judged(Case(finding.key, finding.kind, OPEN, day, finding.ours, finding.theirs))
    ours, theirs = finding.ours or seen.ours, finding.theirs or seen.theirs
    kind = finding.kind
    if kind in ALONE:
        kind = kind_of_pair(ours, theirs) if ours and theirs else seen.kind
    if (ours, theirs) == (seen.ours, seen.theirs) and kind == seen.kind:
        return seen
    return _judged(
        replace(seen, kind=kind, ours=ours, theirs=theirs, version=seen.version + 1), day
    )


def _judged(case: Case, day: date | None = None) -> Case:
    """The case in the state of its kind."""
    if case.kind in CLEAN:
        return replace(case, status=EXPLAINED if case.kind == LATE else DROPPED)
    if case.kind in ALONE:
        return replace(case, status=WAITING)
    return replace(case, status=OPEN, opened=case.opened or day or case.since)


def is_duplicate(seen: Case | None, finding: Finding) -> bool:
    """Whether another line has already taken the side of a lone line's key."""
    line = finding.ours or finding.theirs
    if seen is None or finding.kind not in ALONE or line is None:
        return False
    taken = seen.ours if line.is_ours else seen.theirs
    return taken is not None and taken.name != line.name


def opened(case: Case, kind: str, day: date) -> Case:
    """The case once its waiting time is over."""
    return replace(case, kind=kind, status=OPEN, opened=day, version=case.version + 1)


def dropped(case: Case) -> Case:
    """The case once another finding has replaced it."""
    if case.status in (EXPLAINED, DROPPED):
        return case
    return replace(case, status=DROPPED, version=case.version + 1)


def explained(case: Case, note: bytes | None = None, by: str | None = None) -> Case:
    """The case once somebody, or a later line, has explained it.

    Raises NotAllowedInThisState unless it is open.
    """
    if case.status != OPEN:
        raise NotAllowedInThisState(status=case.status).telling(state=_STATES[case.status])
    return replace(case, status=EXPLAINED, note=note, by=by, version=case.version + 1)
