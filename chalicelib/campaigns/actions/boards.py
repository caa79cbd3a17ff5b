"""Writes of leaderboards: defined by ops, scores by difference, periods closed and paid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import takewhile
from typing import Any

from msgspec.structs import replace

from chalicelib import audit, members
from chalicelib.audit import Act
from chalicelib.campaigns.actions import rewards
from chalicelib.campaigns.actions.missions import STATE_NAMES
from chalicelib.campaigns.errors import TooManyBoards
from chalicelib.campaigns.queries import boards as queries
from chalicelib.campaigns.rules import boards as rules
from chalicelib.campaigns.rules.boards import (
    CLOSED_AFTER_MS,
    DRAFT,
    EARNED,
    ENDED,
    LIVE,
    MOST_LIVE,
    Board,
    Winner,
)
from chalicelib.campaigns.rules.purchases import Purchase
from chalicelib.campaigns.tables.boards import (
    BoardItem,
    ClosedItem,
    CountedEntryItem,
    CountingBoardsItem,
    ResultItem,
    ScoreItem,
    ShownItem,
)
from chalicelib.kernel.clock import from_ms, to_ms
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, Moved, NotAllowedInThisState, Stale
from chalicelib.kernel.store.writes import (
    WriteSet,
    put_or_find,
    replay_outranks_refusal,
    unmoved,
    with_fresh_reads,
)
from chalicelib.kernel.sweeps import each as each_of
from chalicelib.kernel.sweeps import raise_failed

ENTRY_KEPT_S = 100 * 86_400


def create_board(draft: Board, content: bytes, act: Act) -> tuple[Board, bool]:
    """Create a board as a draft, with the id that its key gives: (board, replayed).

    Raises Invalid, IdempotencyKeyReused.
    """

    def write() -> Board:
        rules.check_board(draft)
        writes = WriteSet()
        writes.put_new(BoardItem.of(draft, content), or_raise=IdempotencyKeyReused)
        audit.record_change(writes, act, None, draft)
        writes.commit()
        return draft

    def find() -> Board | None:
        found = replay_of(queries.find_item(draft.id), content)
        return found.value() if found else None

    return replay_outranks_refusal(write, find)


def change_board(board_id: str, changes: dict[str, Any], version: int, act: Act) -> Board:
    """Raises NotFound, Stale, NotAllowedInThisState, Invalid."""
    return _written(
        board_id, version, (DRAFT, LIVE), lambda seen: rules.changed(seen, changes), act
    )


def publish_board(board_id: str, version: int, now_ms: int, act: Act) -> Board:
    """Raises NotFound, Stale, NotAllowedInThisState, TooManyBoards."""
    return _written(board_id, version, (DRAFT,), lambda seen: rules.published(seen, now_ms), act)


def end_board(board_id: str, version: int, now_ms: int, act: Act) -> Board:
    """Raises NotFound, Stale, NotAllowedInThisState."""
    return _written(board_id, version, (LIVE,), lambda seen: rules.ended(seen, now_ms), act)


Next = Callable[[Board], Board]


def _written(board_id: str, version: int, states: tuple[str, ...], turn: Next, act: Act) -> Board:
    def write() -> Board:
        item = queries.get_item(board_id)
        seen = item.value()
        if seen.version != version:
            raise Stale()
        if seen.status not in states:
            raise NotAllowedInThisState(status=seen.status).telling(state=STATE_NAMES[seen.status])
        after, writes = turn(seen), WriteSet()
        condition = BoardItem.version == seen.version
        writes.put(BoardItem.of(after, item.made_of), condition=condition, or_raise=Stale)
        if after.status != DRAFT:
            _count(writes, after)
        audit.record_change(writes, act, seen, after)
        writes.commit()
        return after

    return with_fresh_reads(write)


def _count(writes: WriteSet, board: Board) -> None:
    """Raises TooManyBoards."""
    item = queries.counting_item()
    kept = [each for each in (item.boards if item else ()) if each.id != board.id]
    if board.status == LIVE and sum(each.status == LIVE for each in kept) >= MOST_LIVE:
        raise TooManyBoards(most=MOST_LIVE)
    # Ended ones are counted on until their last period is closed.
    over = [each for each in kept if each.status == ENDED and not queries.is_closed(each)]
    live = [each for each in kept if each.status == LIVE]
    version = item.version if item else 0
    made = CountingBoardsItem.of((*over, *live, board), version + 1)
    writes.put(made, condition=unmoved(CountingBoardsItem.version, version or None))


def count_boards(
    writes: WriteSet, before: Purchase | None, purchase: Purchase, member_id: str
) -> None:
    """Add what a change of a purchase counts for the boards of its time."""
    for board in queries.counting():
        more = rules.counted(board.metric, purchase) - rules.counted(board.metric, before)
        if more and board.counts(purchase.at_ms):
            _add(writes, board, member_id, more, purchase.at_ms)


def count_entry(member_id: str, entry_id: str, points: int, at: datetime) -> None:
    """Count points that a member earned, or that were taken back: each entry once."""
    at_ms = to_ms(at)
    boards = [each for each in queries.counting() if each.metric == EARNED and each.counts(at_ms)]
    if not boards or not points:
        return
    marker = CountedEntryItem.key(entry_id)
    marker.ttl = at_ms // 1000 + ENTRY_KEPT_S

    def write() -> None:
        if CountedEntryItem.find(marker.pk, marker.sk) is not None:
            return
        writes = WriteSet()
        writes.put_new(marker, or_raise=Moved)
        for board in boards:
            _add(writes, board, members.current(member_id), points, at_ms)
        writes.commit()

    with_fresh_reads(write)


def _add(writes: WriteSet, board: Board, member_id: str, more: int, at_ms: int) -> None:
    period = queries.period_at(board, from_ms(at_ms))
    seen = queries.score_of(board.id, period.name, member_id)
    condition = unmoved(ScoreItem.version, seen.version or None)
    writes.put(ScoreItem.of(rules.with_more(seen, more, at_ms)), condition=condition)


def show_me(member_id: str, is_shown: bool, now: datetime) -> bool:
    """Let a member be shown on boards, or not any more. The scores of the present periods follow;
    a crash between is made good by asking again."""
    item = ShownItem.key(member_id)
    item.is_shown = is_shown
    item.save()
    for board in queries.counting():
        period = queries.period_at(board, now)
        with_fresh_reads(partial(_show, board, period.name, member_id, is_shown))
    return is_shown


def _show(board: Board, period: str, member_id: str, is_shown: bool) -> None:
    seen = queries.score_of(board.id, period, member_id)
    if seen.version and seen.is_shown != is_shown:
        writes = WriteSet()
        after = replace(seen, is_shown=is_shown, version=seen.version + 1)
        writes.put(ScoreItem.of(after), condition=ScoreItem.version == seen.version)
        writes.commit()


def close_boards(now: datetime, is_over: Callable[[], bool]) -> int:
    """Close the periods that are over and pay their prizes; how many. A run that was cut off goes
    on with the same winners.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    failed: list[Exception] = []
    boards = takewhile(lambda _: not is_over(), queries.counting())
    done = each_of(boards, lambda board: _close(board, now), failed, name=lambda board: board.id)
    raise_failed("boards were not closed", failed)
    return done


def _close(board: Board, now: datetime) -> int:
    done, at_ms = 0, queries.closed_until(board)
    while True:
        period = queries.period_at(board, from_ms(at_ms))
        is_past = board.until_ms is not None and period.from_ms >= board.until_ms
        if is_past or period.until_ms + CLOSED_AFTER_MS > to_ms(now):
            return done
        for winner in _winners(board, period.name):
            reward = rules.prize_of(board, winner.place)
            if reward is not None:
                reference = rules.reference_of(board.id, period.name)
                source = rules.source_of(board.id)
                rewards.pay(reward, winner.member_id, reference, now, source=source)
        closed = ClosedItem.key(board.id)
        closed.until = at_ms = period.until_ms
        closed.save()
        done += 1


def _winners(board: Board, period: str) -> tuple[Winner, ...]:
    """Who was where when the period was first closed."""
    found = queries.result_of(board.id, period)
    if found is None:
        most = max([board.shown, *(each.last for each in board.prizes)])
        scores = queries.best(board.id, period, most)
        made = tuple(Winner(n, each.member_id, each.score) for n, each in enumerate(scores, 1))
        put_or_find(ResultItem.of(board.id, period, made), ResultItem)
        found = queries.result_of(board.id, period)
    return found or ()
