"""Leaderboards: the best of a period with names masked, one's own place, and the consent."""

from __future__ import annotations

import msgspec
from chalice.app import Blueprint

from chalicelib import members
from chalicelib.campaigns.actions import boards as actions
from chalicelib.campaigns.queries import boards as queries
from chalicelib.campaigns.routes.rewards import REWARD_EXAMPLE, RewardView, reward_view
from chalicelib.campaigns.rules.boards import DRAFT, LIVE, Board, Calendar, Metric, Score, masked
from chalicelib.campaigns.rules.periods import before
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call

board_routes = Blueprint(__name__)


class BoardPrizeView(msgspec.Struct):
    """What each place from `first` to `last` gets."""

    first: int
    last: int
    reward: RewardView


class BoardView(msgspec.Struct):
    """A board that runs."""

    id: str
    title: str
    metric: Metric
    calendar: Calendar
    prizes: list[BoardPrizeView]


class BoardsView(msgspec.Struct):
    """The boards that run."""

    data: list[BoardView]


class BoardPlaceView(msgspec.Struct):
    """Who is at a place: the name masked; `is_me` marks the member's own."""

    place: int
    name: str
    score: int
    is_me: bool


class OwnPlaceView(msgspec.Struct):
    """The member's own score and place; `place` is null without a score, and for who did not agree
    to be shown. With `more` they are behind it."""

    score: int
    place: int | None
    more: bool
    is_shown: bool


class LeaderboardView(msgspec.Struct):
    """A board in a period: equal scores stand by who had theirs earlier."""

    id: str
    title: str
    metric: Metric
    calendar: Calendar
    period: str
    until: str
    prizes: list[BoardPrizeView]
    places: list[BoardPlaceView]
    me: OwnPlaceView


class LeaderboardQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The present period, or the one before it."""

    previous: bool = False


class BoardConsent(msgspec.Struct, forbid_unknown_fields=True):
    """Whether the member agrees to be shown on leaderboards, with the name masked."""

    shown: bool


PRIZE_EXAMPLE = {"first": 1, "last": 3, "reward": REWARD_EXAMPLE}
BOARD_EXAMPLE = {
    "id": "brd_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "title": "本周积分榜",
    "metric": "points_earned",
    "calendar": "week",
    "prizes": [PRIZE_EXAMPLE],
}
LEADERBOARD_EXAMPLE = {
    **BOARD_EXAMPLE, "period": "2026-W48", "until": "2026-11-29T16:00:00Z",
    "places": [{"place": 1, "name": "李**", "score": 1200, "is_me": False}],
    "me": {"score": 300, "place": 7, "more": False, "is_shown": True},
}  # fmt: skip


def _prizes(board: Board, language: str) -> list[BoardPrizeView]:
    return [
        BoardPrizeView(each.first, each.last, reward_view(each.reward, language))
        for each in board.prizes
    ]


@route(
    board_routes, "GET", "/v1/leaderboards",
    summary="The leaderboards that run",
    roles=[MEMBER], answer=BoardsView, example={"answer": {"data": [BOARD_EXAMPLE]}},
)  # fmt: skip
def list_leaderboards(call: Call) -> Reply:
    live = [each for each in queries.counting() if each.status == LIVE]
    shown = [
        BoardView(
            each.id,
            each.title.in_language(call.language),
            each.metric,
            each.calendar,
            _prizes(each, call.language),
        )
        for each in live
    ]
    return Reply(BoardsView(shown))


@route(
    board_routes, "GET", "/v1/leaderboards/{id}",
    summary="A leaderboard of those who agreed to be shown, and my own place",
    roles=[MEMBER], query=LeaderboardQuery, answer=LeaderboardView,
    example={"answer": LEADERBOARD_EXAMPLE},
)  # fmt: skip
def show_leaderboard(call: Call) -> Reply:
    board = queries.get_item(call.path["id"]).value()
    if board.status == DRAFT:
        raise NotFound()
    period = queries.period_at(board, call.now)
    if call.query.previous:
        period = before(board.calendar, period, config().time_zone)
    best = queries.best(board.id, period.name, board.shown)
    return Reply(
        LeaderboardView(
            id=board.id,
            title=board.title.in_language(call.language),
            metric=board.metric,
            calendar=board.calendar,
            period=period.name,
            until=rfc3339_ms(period.until_ms),
            prizes=_prizes(board, call.language),
            places=[_place(n, each, call.member_id) for n, each in enumerate(best, 1)],
            me=_own(queries.score_of(board.id, period.name, call.member_id), call.member_id),
        )
    )


def _place(place: int, score: Score, member_id: str) -> BoardPlaceView:
    name = masked(members.nickname_of(score.member_id))
    return BoardPlaceView(place, name, score.score, score.member_id == member_id)


def _own(score: Score, member_id: str) -> OwnPlaceView:
    shown = queries.is_shown(member_id)
    if not score.score or not shown:
        return OwnPlaceView(score.score, None, False, shown)
    place = queries.place_of(score)
    return OwnPlaceView(score.score, place.place, place.more, shown)


@route(
    board_routes, "PUT", "/v1/me/leaderboards",
    summary="Agree to be shown on leaderboards with my name masked, or not any more",
    roles=[MEMBER], body=BoardConsent, answer=BoardConsent,
    example={"request": {"shown": True}, "answer": {"shown": True}},
)  # fmt: skip
def agree_to_leaderboards(call: Call) -> Reply:
    return Reply(BoardConsent(actions.show_me(call.member_id, call.body.shown, call.now)))
