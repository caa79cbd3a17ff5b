"""The items of leaderboards.

BOARDS                  <board>     a board as ops define it
BOARDS                  #COUNTING   the boards that count, as one item
BOARD#<id>              CLOSED      until when its periods are closed
BRD#<board>#<period>    <member>    a member's score; listed once the member agreed
BRD#<board>#<period>    #RESULT     who was where when the period was closed
BRDENTRY#<entry>        COUNTED     that an entry of points was counted
MBR#<member>            BOARDS      whether a member agreed to be shown
"""

from __future__ import annotations

from functools import partial
from typing import Any

from pynamodb.attributes import BooleanAttribute

from chalicelib.campaigns.rules.boards import Board, Score, Winner
from chalicelib.campaigns.tables.items import MarketingItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute
from chalicelib.kernel.store.indexes import shard_of, shards_of

BOARDS, COUNTING, RESULT, SCORES = "BOARDS", "#COUNTING", "#RESULT", "BRD#"
SHARDS = 8
score_shard, score_shards = partial(shard_of, shards=SHARDS), partial(shards_of, shards=SHARDS)


def partition(board_id: str, period: str) -> str:
    return f"{SCORES}{board_id}#{period}"


class BoardItem(MarketingItem):
    """A board, and the digest of the request that made it."""

    board = StructAttribute[Board](Board)
    version = IntegerAttribute()
    made_of = BytesAttribute()

    @classmethod
    def of(cls, board: Board, made_of: bytes) -> BoardItem:
        return cls(BOARDS, board.id, board=board, version=board.version, made_of=made_of)

    @property
    def content(self) -> bytes:
        found: bytes = self.made_of
        return found

    def value(self) -> Board:
        return self.board


class CountingBoardsItem(MarketingItem):
    """The boards by which is counted: one read for each fact."""

    boards = StructAttribute[tuple[Board, ...]](tuple[Board, ...])
    version = IntegerAttribute()

    @classmethod
    def of(cls, boards: tuple[Board, ...], version: int) -> CountingBoardsItem:
        return cls(BOARDS, COUNTING, boards=boards, version=version)


class ClosedItem(MarketingItem):
    """The periods of a board that end by `until` are closed."""

    until = IntegerAttribute()

    @classmethod
    def key(cls, board_id: str) -> ClosedItem:
        return cls(f"BOARD#{board_id}", "CLOSED")


class ScoreItem(MarketingItem):
    """A score, in the sharded list of its board and period if its member agreed to be shown."""

    score = IntegerAttribute(null=True)
    since = IntegerAttribute(null=True)
    is_shown = BooleanAttribute(null=True)
    version = IntegerAttribute()

    @classmethod
    def of(cls, told: Score) -> ScoreItem:
        key, beside = partition(told.board_id, told.period), dict[str, Any]()
        if told.is_shown and told.score:
            beside = {"list_name": score_shard(key, told.member_id), "list_order": told.order}
        return cls.holding(told, key, told.member_id, **beside)

    def value(self) -> Score:
        _, board_id, period = self.pk.split("#")
        return self.into(Score, board_id=board_id, period=period, member_id=self.sk)


class ResultItem(MarketingItem):
    """Who was where when a period was closed: prizes are paid by it, however often."""

    winners = StructAttribute[tuple[Winner, ...]](tuple[Winner, ...])

    @classmethod
    def of(cls, board_id: str, period: str, winners: tuple[Winner, ...]) -> ResultItem:
        return cls(partition(board_id, period), RESULT, winners=winners)


class CountedEntryItem(MarketingItem):
    """That an entry of points was counted."""

    ttl = IntegerAttribute(null=True)

    @classmethod
    def key(cls, entry_id: str) -> CountedEntryItem:
        return cls(f"BRDENTRY#{entry_id}", "COUNTED")


class ShownItem(MarketingItem):
    """Whether a member agreed to be shown on leaderboards."""

    is_shown = BooleanAttribute()

    @classmethod
    def key(cls, member_id: str) -> ShownItem:
        return cls(f"MBR#{member_id}", "BOARDS")
