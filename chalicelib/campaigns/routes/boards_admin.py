"""Leaderboards for ops: defined, published and ended, each act audited."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint
from msgspec import UNSET, UnsetType

from chalicelib import audit
from chalicelib.campaigns.actions import boards as actions
from chalicelib.campaigns.errors import TooManyBoards
from chalicelib.campaigns.queries import boards as queries
from chalicelib.campaigns.rules.boards import Board, BoardPrize, Calendar, Metric, Status
from chalicelib.campaigns.rules.missions import MissionTitle
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.cursors import Page, PageQuery, part
from chalicelib.kernel.errors import NotAllowedInThisState, Stale
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.auth import ADMIN, AGENT, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

board_admin = Blueprint(__name__)

Shown = Annotated[int, msgspec.Meta(ge=3, le=50)]
Prizes = Annotated[tuple[BoardPrize, ...], msgspec.Meta(max_length=10)]
READERS, WRITERS = (AGENT, OPS, ADMIN), (OPS, ADMIN)
IF_MATCH = [("If-Match", "The version that the change builds on")]


class BoardDraft(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A new leaderboard: `shown` places are public, and prizes are paid when a period is closed."""

    title: MissionTitle
    metric: Metric
    calendar: Calendar
    shown: Shown = 20
    prizes: Prizes = ()


class BoardChange(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Any part of a leaderboard; metric and calendar stay once it is live."""

    title: MissionTitle | UnsetType = UNSET
    metric: Metric | UnsetType = UNSET
    calendar: Calendar | UnsetType = UNSET
    shown: Shown | UnsetType = UNSET
    prizes: Prizes | UnsetType = UNSET


class AdminBoardView(msgspec.Struct):
    """A leaderboard as ops define it."""

    id: str
    version: int
    status: Status
    title: MissionTitle
    metric: Metric
    calendar: Calendar
    shown: int
    prizes: list[BoardPrize]
    created_at: str


DRAFT_EXAMPLE: dict[str, Any] = {
    "title": {"zh-CN": "本周积分榜", "en": "Points of the week"},
    "metric": "points_earned", "calendar": "week", "shown": 20,
    "prizes": [{"first": 1, "last": 3, "reward": {"kind": "points", "amount": 500}}],
}  # fmt: skip
BOARD_EXAMPLE = {
    **DRAFT_EXAMPLE,
    "id": "brd_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "version": 1,
    "status": "draft",
    "created_at": "2026-11-21T08:00:00Z",
}


def _view(board: Board) -> AdminBoardView:
    created_at = rfc3339_ms(board.created_ms)
    return shaped(AdminBoardView, board, prizes=list(board.prizes), created_at=created_at)


@route(
    board_admin, "GET", "/v1/admin/leaderboards",
    summary="List the leaderboards",
    roles=READERS, query=PageQuery, answer=Page[AdminBoardView],
    example={"answer": {"data": [BOARD_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_admin_leaderboards(call: Call) -> Reply:
    found = queries.all_boards()
    made = part("leaderboards", call.query, found, lambda each: (-each.created_ms, each.id))
    return Reply(made.shown(_view))


@route(
    board_admin, "POST", "/v1/admin/leaderboards",
    summary="Create a leaderboard, as a draft",
    roles=WRITERS, body=BoardDraft, answer=AdminBoardView, status=201, key=True,
    example={"request": DRAFT_EXAMPLE, "answer": BOARD_EXAMPLE},
)  # fmt: skip
def create_leaderboard(call: Call) -> Reply:
    board_id, fields = call.derived_id("brd"), msgspec.structs.asdict(call.body)
    draft = Board(id=board_id, version=1, status="draft", created_ms=to_ms(call.now), **fields)
    act = audit.act_of(call, "leaderboard.create", board_id)
    return answer_of(actions.create_board(draft, call.content_digest, act), _view)


@route(
    board_admin, "PATCH", "/v1/admin/leaderboards/{id}",
    summary="Change a leaderboard",
    roles=WRITERS, body=BoardChange, answer=AdminBoardView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
    example={"request": {"shown": 10}, "answer": BOARD_EXAMPLE},
)  # fmt: skip
def change_leaderboard(call: Call) -> Reply:
    board_id = call.path["id"]
    told = msgspec.structs.asdict(call.body)
    changes = {name: value for name, value in told.items() if value is not UNSET}
    act = audit.act_of(call, "leaderboard.change", board_id)
    return Reply(_view(actions.change_board(board_id, changes, call.seen_version, act)))


@route(
    board_admin, "POST", "/v1/admin/leaderboards/{id}/publish",
    summary="Publish a leaderboard: it counts from ten seconds later on",
    roles=WRITERS, answer=AdminBoardView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState, TooManyBoards],
    example={"answer": {**BOARD_EXAMPLE, "status": "live", "version": 2}},
)  # fmt: skip
def publish_leaderboard(call: Call) -> Reply:
    board_id = call.path["id"]
    act = audit.act_of(call, "leaderboard.publish", board_id)
    done = actions.publish_board(board_id, call.seen_version, to_ms(call.now), act)
    return Reply(_view(done))


@route(
    board_admin, "POST", "/v1/admin/leaderboards/{id}/end",
    summary="End a leaderboard: its last period is closed and paid as the others are",
    roles=WRITERS, answer=AdminBoardView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
    example={"answer": {**BOARD_EXAMPLE, "status": "ended", "version": 3}},
)  # fmt: skip
def end_leaderboard(call: Call) -> Reply:
    board_id = call.path["id"]
    act = audit.act_of(call, "leaderboard.end", board_id)
    return Reply(_view(actions.end_board(board_id, call.seen_version, to_ms(call.now), act)))
