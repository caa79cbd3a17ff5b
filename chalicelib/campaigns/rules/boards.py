"""Leaderboards: who did most in a day, a week or a month, among those who agreed to be shown."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from chalicelib.campaigns.rules.missions import SETTLES_MS, MissionTitle
from chalicelib.campaigns.rules.purchases import UNDONE, Purchase
from chalicelib.campaigns.rules.rewards import Reward, check_reward
from chalicelib.kernel.errors import FieldError, Invalid, Words

Metric = Literal["orders", "spend", "points_spent", "points_earned"]
Status = Literal["draft", "live", "ended"]
Calendar = Literal["day", "week", "month"]
DRAFT: Status = "draft"
LIVE: Status = "live"
ENDED: Status = "ended"
EARNED: Metric = "points_earned"
MOST_LIVE = 5
# So long after its end a period is closed: by then what was done in it is told.
CLOSED_AFTER_MS = 3_600_000
# No score is higher.
_TOP = 10**15
_HIDDEN = "*"

Place = Annotated[int, Meta(ge=1, le=100)]


class BoardPrize(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What each place from the first to the last of these gets."""

    first: Place
    last: Place
    reward: Reward


class Board(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A board: `shown` places are public. It counts what is done from its publishing on."""

    id: str
    version: int
    status: Status
    title: MissionTitle
    metric: Metric
    calendar: Calendar
    shown: int = 20
    prizes: tuple[BoardPrize, ...] = ()
    published_ms: int | None = None
    until_ms: int | None = None
    created_ms: int = 0

    def counts(self, at_ms: int) -> bool:
        begins = self.published_ms
        is_over = self.until_ms is not None and self.until_ms <= at_ms
        return begins is not None and begins + SETTLES_MS <= at_ms and not is_over


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """A member's score on a board in a period; it rose last at `since_ms`."""

    board_id: str
    period: str
    member_id: str
    score: int = 0
    since_ms: int = 0
    is_shown: bool = False
    version: int = 0

    @property
    def order(self) -> str:
        """The place in the list: the higher score first, then who had it earlier, then the id."""
        return f"{_TOP - self.score:016d}#{self.since_ms:013d}#{self.member_id}"


class Winner(msgspec.Struct, frozen=True, array_like=True):
    """Who was at a place when the period was closed."""

    place: int
    member_id: str
    score: int


def counted(metric: Metric, purchase: Purchase | None) -> int:
    """What a purchase counts."""
    if purchase is None or purchase.state == UNDONE:
        return 0
    return {"orders": 1, "spend": purchase.cash, "points_spent": purchase.points}.get(metric, 0)


def with_more(seen: Score, more: int, at_ms: int) -> Score:
    since_ms = max(seen.since_ms, at_ms) if more > 0 else seen.since_ms
    return replace(
        seen, score=max(0, seen.score + more), since_ms=since_ms, version=seen.version + 1
    )


def prize_of(board: Board, place: int) -> Reward | None:
    """The reward of a place."""
    found = (each.reward for each in board.prizes if each.first <= place <= each.last)
    return next(found, None)


def masked(name: str | None) -> str:
    """A name as others see it: its first character and two stars."""
    return f"{(name or '').strip()[:1] or _HIDDEN}{_HIDDEN * 2}"


def reference_of(board_id: str, period: str) -> str:
    return f"board:{board_id}:{period}"


def source_of(board_id: str) -> str:
    return f"board:{board_id}"


def check_board(board: Board) -> None:
    """Raises Invalid naming a prize whose places are none, or are given twice."""
    wrong, taken = [], set[int]()
    for number, prize in enumerate(board.prizes):
        check_reward(prize.reward, f"prizes[{number}].reward")
        places = set(range(prize.first, prize.last + 1))
        if not places or places & taken:
            words = Words("名次重复或顺序有误", "has places that are none, or have a prize")
            wrong.append(FieldError(f"prizes[{number}].last", "invalid", words))
        taken |= places
    if wrong:
        raise Invalid(*wrong)


_LIVE = Words("发布后不能修改，请另建榜单", "cannot change once it is live: define another board")


def changed(seen: Board, changes: dict[str, Any]) -> Board:
    """The next version.

    Raises Invalid naming what contradicts, or cannot change any more.
    """
    after: Board = replace(seen, **changes, version=seen.version + 1)
    check_board(after)
    if seen.status != DRAFT:
        names = [
            name for name in ("metric", "calendar") if getattr(seen, name) != getattr(after, name)
        ]
        if names:
            raise Invalid(*(FieldError(name, "fixed", _LIVE) for name in names))
    return after


def published(seen: Board, now_ms: int) -> Board:
    return replace(seen, status=LIVE, published_ms=now_ms, version=seen.version + 1)


def ended(seen: Board, now_ms: int) -> Board:
    until_ms = now_ms + SETTLES_MS
    return replace(seen, status=ENDED, until_ms=until_ms, version=seen.version + 1)
