"""The review of standings whose time has come: grants that end, tiers judged again, birthdays."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib import ledger, members
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.kernel.sweeps import each, raise_failed
from chalicelib.ledger import Cause, Credit, EntryExists
from chalicelib.tiers import queries
from chalicelib.tiers.actions.standings import change_standing
from chalicelib.tiers.rules import standing as rules
from chalicelib.tiers.rules.standing import Moment, Standing, Why
from chalicelib.tiers.tables import DUE, due_shards

GIFT = "birthday_gift"


def review_tiers(now: datetime) -> int:
    """Look at every standing that is due; return their number.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    failed: list[Exception] = []
    now_s = to_ms(now) // 1000
    done = sum(
        each(queries.due_members(shard, now_s), lambda member_id: review(member_id, now), failed)
        for shard in due_shards(DUE)
    )
    raise_failed("tiers were not reviewed", failed)
    return done


def review(member_id: str, now: datetime) -> bool:
    """Do what is due of a member's standing.

    The gift comes before its mark: a crash between them gives it again, by the same reference.
    """
    seen, at = queries.find_standing(member_id), queries.moment(now)
    year = rules.gift_year(seen, at)
    if year is not None:
        _give(member_id, at.ladder.level(seen.tier).benefits.birthday_points, year, now)

    def due(standing: Standing, at: Moment) -> tuple[Standing, Why | None]:
        if year is not None and standing.gifted_year < year:
            standing = replace(standing, gifted_year=year)
        return rules.review(standing, at)

    change_standing(member_id, due, now)
    return True


def _give(member_id: str, points: int, year: int, now: datetime) -> None:
    """Give a birthday's points, once a year."""
    if points == 0 or members.find_member(member_id=member_id) is None:
        return
    account_id = ledger.points_account(member_id)
    cause = Cause(f"{GIFT}:{year}", GIFT, to_ms(now), GIFT)
    expires_at = ledger.expires_at(ledger.UNITS[ledger.POINTS].expires, now, config().time_zone)

    def write() -> None:
        writes = WriteSet()
        ledger.accrue(
            writes, ledger.find_account(account_id), [Credit(points, expires_at, cause)], now
        )
        writes.commit()

    try:
        with_fresh_reads(write)
    except EntryExists:
        return


def hear_birthday(member_id: str, now: datetime) -> None:
    """Take over the birthday that a member has told."""
    birthday = members.birthday_of(member_id)
    change_standing(member_id, lambda seen, at: (rules.born(seen, birthday, at), None), now)
