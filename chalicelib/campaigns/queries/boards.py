"""Reads of leaderboards: the best places of a sharded list, and one's own, without a scan."""

from __future__ import annotations

from datetime import datetime
from itertools import chain, islice
from typing import NamedTuple

from chalicelib.campaigns.rules.boards import Board, Score, Winner
from chalicelib.campaigns.rules.periods import Period, period_of
from chalicelib.campaigns.tables.boards import (
    BOARDS,
    COUNTING,
    RESULT,
    BoardItem,
    ClosedItem,
    CountingBoardsItem,
    ResultItem,
    ScoreItem,
    ShownItem,
    partition,
    score_shards,
)
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import or_not_found


class OwnPlace(NamedTuple):
    """A member's place, counted exactly up to a hundred of each shard; with `more` it is behind
    them."""

    place: int
    more: bool


def find_item(board_id: str) -> BoardItem | None:
    found: BoardItem | None = BoardItem.find(BOARDS, board_id)
    return found


def get_item(board_id: str) -> BoardItem:
    """Raises NotFound."""
    return or_not_found(None if board_id == COUNTING else find_item(board_id))


def all_boards() -> list[Board]:
    found = BoardItem.query(BOARDS, BoardItem.sk > COUNTING + "~", consistent_read=True)
    return [item.value() for item in found]


def counting_item() -> CountingBoardsItem | None:
    found: CountingBoardsItem | None = CountingBoardsItem.find(BOARDS, COUNTING)
    return found


def counting() -> tuple[Board, ...]:
    """The boards that count, read consistently, as missions are."""
    found = counting_item()
    return found.boards if found else ()


def period_at(board: Board, at: datetime) -> Period:
    return period_of(board.calendar, at, config().time_zone)


def score_of(board_id: str, period: str, member_id: str) -> Score:
    """A member's score, read consistently; one that is new is shown if the member agreed."""
    found: Score | None = ScoreItem.find_value(partition(board_id, period), member_id)
    if found is not None:
        return found
    shown = is_shown(member_id)
    return Score(board_id=board_id, period=period, member_id=member_id, is_shown=shown)


def is_shown(member_id: str) -> bool:
    key = ShownItem.key(member_id)
    found: ShownItem | None = ShownItem.find(key.pk, key.sk)
    return found is not None and bool(found.is_shown)


def best(board_id: str, period: str, most: int) -> list[Score]:
    """The best scores of those who agreed: so many of each shard are read."""
    key = partition(board_id, period)
    found = chain.from_iterable(
        islice(MarketingItem.listed.query(shard, limit=most), most) for shard in score_shards(key)
    )
    keys = [(item.pk, item.sk) for item in found]
    scores = [item.value() for item in ScoreItem.batch_get(keys)] if keys else []
    return sorted((each for each in scores if each.is_shown), key=lambda each: each.order)[:most]


def place_of(score: Score) -> OwnPlace:
    """The place of a score among those who agreed, as if its member had."""
    key = partition(score.board_id, score.period)
    before = MarketingItem.list_order < score.order
    counts = [
        MarketingItem.count_some(shard, before, index_name="listed") for shard in score_shards(key)
    ]
    return OwnPlace(1 + sum(each.count for each in counts), any(each.more for each in counts))


def result_of(board_id: str, period: str) -> tuple[Winner, ...] | None:
    found: ResultItem | None = ResultItem.find(partition(board_id, period), RESULT)
    return found.winners if found else None


def is_closed(board: Board) -> bool:
    """Whether all periods of a board that has ended are closed."""
    return board.until_ms is not None and board.until_ms <= closed_until(board)


def closed_until(board: Board) -> int:
    """Until when the periods of a board are closed; its publishing at first."""
    key = ClosedItem.key(board.id)
    found: ClosedItem | None = ClosedItem.find(key.pk, key.sk)
    return found.until if found else board.published_ms or 0
