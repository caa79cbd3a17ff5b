"""Prizes: given by a transaction of their own after the draw that won them, once.

The draw says that its prize is due. Whoever gives it takes that away in the same transaction, so a
crash in between leaves it to the sweep.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace
from pynamodb.expressions.condition import Condition

from chalicelib import catalog, coupons, ledger, members
from chalicelib.campaigns.actions.seeds import seal_code
from chalicelib.campaigns.queries import lotteries as queries
from chalicelib.campaigns.rules.draws import Draw
from chalicelib.campaigns.rules.lotteries import CODE, COUPON, GOODS, POINTS, Prize
from chalicelib.campaigns.tables.lotteries import DrawItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet, unmoved, update_alone, with_fresh_reads
from chalicelib.kernel.sweeps import each, raise_failed
from chalicelib.ledger import Cause, Credit, EntryExists

# A prize that could not be given is tried again after so long.
AGAIN = timedelta(hours=1)


def give(lottery_id: str, number: int, now: datetime) -> Draw:
    """Give what a draw has won, if it is due still: the draw as it is then. Safe to repeat.

    Raises NotFound, and what refuses it: then it stays due.
    """

    def write() -> Draw:
        seen = queries.draw_at(lottery_id, number)
        if seen.due_ms is None or seen.member_id is None:
            return seen
        writes, member_id = WriteSet(), members.current(seen.member_id)
        after = replace(seen, due_ms=None, given_ms=to_ms(now))
        if members.is_erased(member_id):
            after = replace(after, given_ms=None)
        else:
            prize = queries.get_lottery(lottery_id).by_id[seen.result]
            after = _GIVEN[prize.kind](writes, prize, after, member_id, now)
        writes.put(DrawItem.of(after), condition=_unmoved(seen))
        _commit(writes)
        return after

    return with_fresh_reads(write)


def _unmoved(seen: Draw) -> Condition:
    due = None if seen.due_ms is None else seen.due_ms // 1000
    same: Condition = unmoved(DrawItem.due_at, due) & unmoved(DrawItem.member_id, seen.member_id)
    return same


def _commit(writes: WriteSet) -> None:
    try:
        writes.commit()
    except EntryExists as error:
        raise Moved() from error


def _points(writes: WriteSet, prize: Prize, draw: Draw, member_id: str, now: datetime) -> Draw:
    assert prize.points is not None, "a lottery is checked before it is published"
    account = ledger.find_account(ledger.points_account(member_id))
    lapse = ledger.expires_at(ledger.UNITS[ledger.POINTS].expires, now, config().time_zone)
    cause = Cause(f"prize:{draw.id}", f"lottery:{draw.lottery_id}", draw.at_ms, "lottery")
    ledger.accrue(writes, account, [Credit(prize.points, lapse, cause)], now)
    return draw


def _code(writes: WriteSet, prize: Prize, draw: Draw, _: str, now: datetime) -> Draw:
    """One of the codes whose stock was set aside when the lottery was published."""
    assert prize.sku is not None, "a lottery is checked before it is published"
    (code,) = catalog.take_codes(writes, prize.sku, 1, draw.id, now)
    return replace(draw, sealed_code=seal_code(code, draw.id))


def _coupon(writes: WriteSet, prize: Prize, draw: Draw, member_id: str, now: datetime) -> Draw:
    """A coupon; goods are a coupon that is a gift, so the member says where they are sent to."""
    assert prize.template_id is not None, "a lottery is checked before it is published"
    coupon = coupons.grant(writes, prize.template_id, member_id, f"prize:{draw.id}", now)
    return replace(draw, coupon_id=coupon.id)


_GIVEN: dict[str, Callable[[WriteSet, Prize, Draw, str, datetime], Draw]] = {
    POINTS: _points,
    COUPON: _coupon,
    GOODS: _coupon,
    CODE: _code,
}


def forget_draws(member_id: str) -> None:
    """Take the member out of their draws: they stay published under a pseudonym, and a prize that
    was not given lapses. Safe to repeat."""
    kind = DrawItem
    whose = (kind.member_id, kind.owned_by, kind.sealed_code, kind.due_shard, kind.due_at)
    for lottery, draw in queries.every_draw_of(member_id):
        key = kind(*kind.key(lottery.id, draw.number))
        update_alone(key, [each.remove() for each in whose])


def sweep_prizes(now: datetime) -> int:
    """Give the prizes that a crash left, or that could not be given before; how many.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    failed: list[Exception] = []

    def settle(named: tuple[str, int]) -> bool:
        return give(*named, now).given_ms is not None

    def defer(named: tuple[str, int]) -> bool:
        seen = queries.draw_at(*named)
        if seen.due_ms is None:
            return False
        later = replace(seen, due_ms=to_ms(now + AGAIN))
        writes = WriteSet()
        writes.put(DrawItem.of(later), condition=_unmoved(seen))
        writes.commit()
        return True

    due = queries.due_prizes(to_ms(now) // 1000)
    done = each(due, settle, failed, defer=defer, name=lambda named: f"{named[0]}:{named[1]}")
    raise_failed("prizes were not given", failed)
    return done
