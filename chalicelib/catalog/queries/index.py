"""The index of goods that this process holds, refreshed by a conditional read."""

from __future__ import annotations

import time
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from chalicelib.catalog.errors import IndexAway
from chalicelib.catalog.queries.openings import shown_before
from chalicelib.catalog.rules.cards import Delta
from chalicelib.catalog.rules.sets import bits_of
from chalicelib.catalog.rules.words import runs_in
from chalicelib.catalog.tables import published
from chalicelib.catalog.tables.segments import Segment
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.failures import tell
from chalicelib.kernel.observe import count

TRIED_AGAIN_AFTER_S = 5


class Part(NamedTuple):
    """A segment and its goods that still count: a later segment has a newer version of others."""

    segment: Segment
    valid: int

    def shown(self, at_ms: int, begun_ms: int) -> int:
        """The goods whose sale ends after an instant, and begins at or before the other."""
        closed = [
            n
            for n, from_ms, until_ms in self.segment.windows
            if (from_ms is not None and begun_ms < from_ms)
            or (until_ms is not None and at_ms >= until_ms)
        ]
        return self.valid & ~bits_of(closed, self.segment.size) if closed else self.valid


class Index(NamedTuple):
    """`names` are those of categories and brands, with the set that has their goods."""

    delta: Delta
    parts: tuple[Part, ...]
    names: tuple[tuple[str, str], ...]


class _Holder:
    """What this process has read, and when it looks again."""

    def __init__(self) -> None:
        self._scratch = published.scratch()
        self.folder = Path(self._scratch.name)
        self.index: Index | None = None
        self.tag: str | None = None
        self._base_key: str | None = None
        self._base: Segment | None = None
        self._small: Segment | None = None
        self._look_at_s: Any = 0

    def current(self) -> Index:
        """Raises IndexAway."""
        if time.monotonic() >= self._look_at_s:
            self._look()
        if self.index is None:
            raise away()
        return self.index

    def reread(self) -> tuple[Index | None, str | None]:
        """The index as it is now, and the tag by which it is replaced; None if there is none.

        Raises ClientError, BotoCoreError, MissingSetting.
        """
        found = published.read_current(self.tag, self.folder)
        if found is not None:
            self._take(found)
        return self.index, self.tag

    def _look(self) -> None:
        # A change is indexed within half a minute, and read within this time after that.
        self._look_at_s = time.monotonic() + config().catalog.search_refreshed_seconds
        try:
            found = published.read_current(self.tag, self.folder)
            if found is not None:
                self._take(found)
        except Exception as error:
            # An index of a moment ago is better than none.
            tell("the index of goods was not read", error)
            count("SearchUnread")
            self._look_at_s = time.monotonic() + TRIED_AGAIN_AFTER_S

    def _take(self, found: published.Current) -> None:
        base = found.delta.base
        if base is None or found.segment is None:
            published.close_segment(found.segment)
            self.index = self.tag = None
            return
        old = [self._small]
        if base.key != self._base_key:
            read = published.read_base(base.key, self.folder)
            if read is None:
                # The next writer builds another, in place of this one.
                published.close_segment(found.segment)
                self.index, self.tag = None, found.tag
                return
            old.append(self._base)
            self._base, self._base_key = read, base.key
        self._small, self.tag = found.segment, found.tag
        assert self._base is not None
        self.index = made(found.delta, self._base, found.segment)
        for each in old:
            published.close_segment(each)


def made(delta: Delta, base: Segment, small: Segment) -> Index:
    numbers = (base.number_of(product_id) for product_id in delta.changed)
    gone = bits_of((n for n in numbers if n is not None), base.size)
    named = [("c", each) for each in delta.categories] + [("b", each) for each in delta.brands]
    names = ((runs_in(each.title), f"{of}:{each.id}") for of, each in named)
    parts = Part(base, base.everything & ~gone), Part(small, small.everything)
    return Index(delta, parts, tuple(names))


@cache
def _holder() -> _Holder:
    return _Holder()


def current() -> Index:
    """The index as of a quarter of a minute ago at most.

    Raises IndexAway.
    """
    return _holder().current()


def current_or_none() -> Index | None:
    try:
        return current()
    except IndexAway:
        return None


def away() -> IndexAway:
    """The refusal of what needs the index."""
    return IndexAway(retry_after_s=TRIED_AGAIN_AFTER_S)


def reread() -> tuple[Index | None, str | None]:
    """The index as it is now, and the tag by which it is replaced; None if there is none yet.

    Raises ClientError, BotoCoreError, MissingSetting.
    """
    return _holder().reread()


def folder() -> Path:
    """Where this process has files of the index."""
    return _holder().folder


def forget() -> None:
    """Look again at the next call, as a new process would."""
    _holder.cache_clear()


def shown_in(index: Index, now: datetime) -> list[tuple[Segment, int]]:
    """Each segment, and its goods that are on sale, for some tiers at least."""
    at_ms, begun_ms = clock.to_ms(now), clock.to_ms(now + shown_before())
    return [(part.segment, part.shown(at_ms, begun_ms)) for part in index.parts]
