"""Reads of lotteries and of their draws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from chalicelib.campaigns.rules.draws import Draw, Head, Tally
from chalicelib.campaigns.rules.lotteries import DRAFT, Lottery
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.campaigns.tables.lotteries import (
    DRAW,
    LOT,
    LOTTERIES,
    LOTTERIES_DUE,
    PRIZES_DUE,
    DrawItem,
    LotteryItem,
)
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.recall import Recall

# A published lottery shows and changes within this time in other processes. Draws are exact: the
# last record of an ended one says so.
_KEPT_S = 15


class Known(NamedTuple):
    """A published lottery as a process remembers it, with its sealed seed."""

    lottery: Lottery
    sealed_seed: bytes


@cache
def _recalled() -> Recall[str, list[LotteryItem]]:
    return Recall(_KEPT_S, 1)


def forget_lotteries() -> None:
    """Read the lotteries anew when they are asked for next."""
    _recalled().clear()


def all_lotteries() -> list[Lottery]:
    """Every lottery, read consistently."""
    return [each.value() for each in _all_items()]


def _all_items() -> list[LotteryItem]:
    return list(LotteryItem.query(LOTTERIES, consistent_read=True))


def shown_lotteries() -> list[Lottery]:
    """The lotteries that members know, as they were a moment ago."""
    return [each.value() for each in _shown()]


def _shown() -> list[LotteryItem]:
    found = _recalled().get(LOTTERIES)
    if found is None:
        found = [each for each in _all_items() if each.value().status != DRAFT]
        _recalled().keep(LOTTERIES, found)
    return found


def find_item(lottery_id: str) -> LotteryItem:
    """Raises NotFound."""
    found: LotteryItem | None = LotteryItem.find(*LotteryItem.key(lottery_id))
    return or_not_found(found)


def get_lottery(lottery_id: str) -> Lottery:
    """Raises NotFound."""
    lottery: Lottery = find_item(lottery_id).value()
    return lottery


def get_known(lottery_id: str) -> Known:
    """A lottery that members know.

    Raises NotFound.
    """
    found = next((each for each in _shown() if each.sk == lottery_id), None)
    item = found or find_item(lottery_id)
    lottery = item.value()
    or_not_found(item.sealed_seed)
    return Known(lottery, item.sealed_seed)


def head_of(lottery: Lottery) -> Head:
    """Where a lottery stands now, read consistently."""
    last = next(_draws_of(lottery.id, scan_index_forward=False, limit=1), None)
    if last is None:
        return Head(0, lottery.stock, 0, has_ended=False)
    draw: Draw = last.value()
    return Head(draw.number - draw.is_end, draw.left, draw.taken, draw.is_end)


def _draws_of(lottery_id: str, **asked: Any) -> Any:
    keys = DrawItem.sk.startswith(DRAW)
    return DrawItem.query(LOT + lottery_id, keys, consistent_read=True, **asked)


def draws_after(lottery_id: str, number: int, limit: int) -> list[Draw]:
    """The draws of a lottery in order, after a number, at most so many."""
    keys = DrawItem.sk.between(DrawItem.key("", number + 1)[1], f"{DRAW}~")
    found = DrawItem.query(LOT + lottery_id, keys, consistent_read=True, limit=limit)
    draws = (each.value() for each in found)
    return [each for each in islice(draws, limit) if not each.is_end]


def draw_at(lottery_id: str, number: int) -> Draw:
    """Raises NotFound."""
    found: Draw | None = DrawItem.find_value(*DrawItem.key(lottery_id, number))
    return or_not_found(found)


def draws_of(lottery_id: str, member_id: str, **paging: Any) -> Any:
    """A query of a member's draws of a lottery, the last one first, read consistently."""
    return DrawItem.owned.query(
        LOT + lottery_id,
        DrawItem.owned_by.startswith(DrawItem.owner(member_id)),
        consistent_read=True,
        scan_index_forward=False,
        **paging,
    )


def mine(lottery_id: str, member_id: str) -> list[Draw]:
    """All draws of a member of a lottery, the last one first: the limits keep them few."""
    items: Iterable[DrawItem] = draws_of(lottery_id, member_id)
    return [each.value() for each in items]


def tally_of(draws: list[Draw]) -> Tally:
    """How a member stands after all their draws, the last one first."""
    return draws[0].tally if draws else Tally()


def find_draw(lottery_id: str, member_id: str, draw_id: str) -> Draw | None:
    found = (each for each in mine(lottery_id, member_id) if each.id == draw_id)
    return next(found, None)


def every_draw_of(member_id: str) -> Iterator[tuple[Lottery, Draw]]:
    """All draws of a member, lottery by lottery."""
    for lottery in all_lotteries():
        if lottery.status != DRAFT:
            for draw in mine(lottery.id, member_id):
                yield lottery, draw


def due_lotteries(now_s: int) -> list[str]:
    """The ids of the lotteries whose time is over and that have not ended."""
    found = MarketingItem.due.query(LOTTERIES_DUE, MarketingItem.due_at <= now_s)
    return [each.sk for each in found]


def due_prizes(now_s: int) -> Iterator[tuple[str, int]]:
    """The prizes that are to be given: (lottery, number of the draw)."""
    for item in MarketingItem.due.query(PRIZES_DUE, MarketingItem.due_at <= now_s):
        yield item.pk.removeprefix(LOT), int(item.sk.removeprefix(DRAW))


def count_due(lottery_id: str) -> int:
    """How many prizes of a lottery wait to be given."""
    return sum(each.pk == LOT + lottery_id for each in MarketingItem.due.query(PRIZES_DUE))
