"""Writes of the ladder: every version is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import asdict

from chalicelib import audit, catalog
from chalicelib.audit import Act
from chalicelib.kernel.errors import Stale
from chalicelib.kernel.store.writes import WriteSet, unmoved, with_fresh_reads
from chalicelib.tiers import queries
from chalicelib.tiers.actions import judging
from chalicelib.tiers.rules.ladder import Ladder, LadderDraft, check, check_categories
from chalicelib.tiers.tables import LADDER, LadderItem


def put_ladder(draft: LadderDraft, version: int, act: Act, now: datetime) -> Ladder:
    """Put the next version of the ladder: it is in force within a minute.

    All standings are judged by it then, within some minutes.

    Raises Stale, Invalid.
    """
    check_ladder(draft)

    def write() -> Ladder:
        seen = queries.find_ladder()
        if seen.version != version:
            raise Stale()
        made = Ladder(**asdict(draft), version=version + 1)
        writes = WriteSet()
        unchanged = unmoved(LadderItem.version, version)
        writes.put(LadderItem.now(made), condition=unchanged, or_raise=Stale)
        writes.put_new(LadderItem.kept(made), or_raise=Stale)
        judging.begin(writes, made.version, now)
        catalog.put_early_tiers(writes, _early(made))
        audit.record_change(writes, act, seen, made)
        writes.commit()
        return made

    made = with_fresh_reads(write)
    queries.REMEMBERED.keep(LADDER, made)
    return made


def check_ladder(draft: LadderDraft) -> None:
    """Check that the levels are a ladder, and that their categories are there.

    Raises Invalid naming each field that is wrong.
    """
    check(draft)
    if any(level.benefits.categories for level in draft.levels):
        check_categories(draft, {each.id for each in catalog.all_categories(consistent=True)})


def _early(ladder: Ladder) -> Iterator[tuple[str, str, str, int]]:
    """What the catalog shows of the levels: whose members have goods some hours before others."""
    for level in ladder.levels:
        title, hours = level.title, level.benefits.early_access_hours
        yield level.key, title.zh, title.en, hours
