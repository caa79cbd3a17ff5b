"""The provider's books against our cash journal, line by line.

Both are read once, by time. A clean pair leaves memory at once. Unmatched lines stay, and sixteen
bytes for each match, so that a duplicate line is found.
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterable, Iterator

import msgspec

from chalicelib.finance.rules.reconciled_lines import (
    CLEAN,
    DUPLICATE_HERE,
    DUPLICATE_THERE,
    MISSING_HERE,
    MISSING_THERE,
    TRANSACTION_DIFFERS,
    BookLine,
    goes_through_provider,
    kind_of_pair,
    our_line,
    provider_line,
    reference_of,
)
from chalicelib.payments import CashEntry, Movement


class Finding(msgspec.Struct, frozen=True):
    """The result for a line or a pair of lines; `key` is the same however often it is found.

    `closes` are the keys of earlier findings that it replaces.
    """

    kind: str
    key: str
    ours: BookLine | None = None
    theirs: BookLine | None = None
    closes: tuple[str, ...] = ()


class _Group(msgspec.Struct):
    """The lines under one balance transaction that wait for each other."""

    ours: list[BookLine] = msgspec.field(default_factory=list)
    theirs: list[BookLine] = msgspec.field(default_factory=list)

    def best(self) -> tuple[BookLine, BookLine]:
        """The pair that agrees, or the first of each."""
        pairs = [(ours, theirs) for ours in self.ours for theirs in self.theirs]
        return next((pair for pair in pairs if kind_of_pair(*pair) in CLEAN), pairs[0])


def reconcile(
    ours: Iterable[CashEntry], theirs: Iterable[Movement], earlier: Iterable[Finding] = ()
) -> Iterator[Finding]:
    """A finding for each entry and movement of a window, clean pairs included.

    `ours` are in the order of recording, `theirs` in that of booking. `earlier` are unmatched lines
    of previous windows; they are reported again only if something changed.
    """
    matching = _Matching(earlier)
    recorded = (our_line(entry) for entry in ours if goes_through_provider(entry))
    booked = (provider_line(movement) for movement in theirs)
    for line in heapq.merge(recorded, booked, key=lambda line: line.at_ms):
        yield from matching.take(line)
    yield from matching.rest()


class _Matching:
    """The unmatched lines, and fingerprints of the matched ones."""

    def __init__(self, earlier: Iterable[Finding]) -> None:
        self._groups: dict[str, _Group] = {}
        self._settled = array("q")
        self._earlier: dict[str, str] = {}
        for finding in earlier:
            for line in (finding.ours, finding.theirs):
                if line is not None:
                    self._earlier[line.name] = finding.key
                    self._wait(line)

    def take(self, line: BookLine) -> Iterator[Finding]:
        """The pair that a line completes, if both agree."""
        group = self._wait(line)
        if len(group.ours) == len(group.theirs) == 1:
            ours, theirs = group.ours[0], group.theirs[0]
            kind = kind_of_pair(ours, theirs)
            if kind in CLEAN:
                del self._groups[_group_of(line)]
                yield self._paired(ours, theirs, kind)

    def rest(self) -> Iterator[Finding]:
        """The pairs that differ, the duplicates, and the lines on one side only."""
        lone: list[BookLine] = []
        for group in self._groups.values():
            if group.ours and group.theirs:
                ours, theirs = group.best()
                yield self._paired(ours, theirs)
                group.ours.remove(ours)
                group.theirs.remove(theirs)
            lone += group.theirs + group.ours
        seen = self._known(lone)
        waiting = {line.name: line for line in lone if line.is_ours}
        for line in lone:
            if not line.is_ours:
                yield from self._lone_there(line, seen, waiting)
        for line in waiting.values():
            yield from self._lone_here(line, seen)

    def _wait(self, line: BookLine) -> _Group:
        group = self._groups.setdefault(_group_of(line), _Group())
        (group.ours if line.is_ours else group.theirs).append(line)
        return group

    def _paired(self, ours: BookLine, theirs: BookLine, kind: str | None = None) -> Finding:
        self._settled.append(hash(theirs.name))
        self._settled.append(hash(ours.name))
        names = (self._earlier.get(ours.name), self._earlier.get(theirs.name))
        closes = tuple(dict.fromkeys(name for name in names if name))
        return Finding(kind or kind_of_pair(ours, theirs), theirs.name, ours, theirs, closes)

    def _known(self, lone: list[BookLine]) -> set[int]:
        """The fingerprints of matched lines that these lines refer to."""
        names = {line.transaction for line in lone} | {reference_of(line) for line in lone}
        wanted = set(map(hash, filter(None, names)))
        return {fingerprint for fingerprint in self._settled if fingerprint in wanted}

    def _lone_there(
        self, line: BookLine, seen: set[int], waiting: dict[str, BookLine]
    ) -> Iterator[Finding]:
        reference = reference_of(line)
        if hash(line.name) in seen:
            yield self._again(line)
        elif reference and hash(reference) in seen:
            # The same object, booked again under another transaction.
            yield self._alone(DUPLICATE_THERE, line)
        elif reference in waiting:
            seen.add(hash(reference))
            yield self._paired(waiting.pop(reference), line, TRANSACTION_DIFFERS)
        else:
            seen.update(map(hash, (line.name, reference or line.name)))
            yield from self._news(MISSING_HERE, line)

    def _lone_here(self, line: BookLine, seen: set[int]) -> Iterator[Finding]:
        if line.transaction and hash(line.transaction) in seen:
            yield self._again(line)
        else:
            seen.add(hash(_group_of(line)))
            yield from self._news(MISSING_THERE, line)

    def _news(self, kind: str, line: BookLine) -> Iterator[Finding]:
        """A line without a counterpart, unless it was reported before."""
        if line.name not in self._earlier:
            yield self._alone(kind, line)

    def _again(self, line: BookLine) -> Finding:
        """A line whose transaction is paired already."""
        if line.is_ours:
            return self._alone(DUPLICATE_HERE, line, f"{line.transaction}:{line.name}")
        return self._alone(DUPLICATE_THERE, line, f"{line.name}:again")

    def _alone(self, kind: str, line: BookLine, key: str | None = None) -> Finding:
        closes = (self._earlier[line.name],) if line.name in self._earlier else ()
        ours, theirs = (line, None) if line.is_ours else (None, line)
        return Finding(kind, key or _group_of(line), ours, theirs, closes)


def _group_of(line: BookLine) -> str:
    """The transaction that pairs a line; a line of ours without one stands for itself."""
    return line.transaction or line.name
