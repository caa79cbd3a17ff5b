"""Lotteries for ops: drafted, published with a sealed seed, ended; what came of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint
from msgspec import UNSET, UnsetType

from chalicelib import audit
from chalicelib.campaigns.actions import lotteries as actions
from chalicelib.campaigns.queries import lotteries as queries
from chalicelib.campaigns.routes import lottery_examples as examples
from chalicelib.campaigns.rules.draws import wins_of
from chalicelib.campaigns.rules.lotteries import (
    DrawLimits,
    FreeDraws,
    Guarantee,
    Look,
    Lottery,
    LotteryTitle,
    Prize,
    PrizeKind,
    Prizes,
    SomePoints,
    Status,
)
from chalicelib.catalog import OutOfStock
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.cursors import Page, PageQuery, part
from chalicelib.kernel.errors import NotAllowedInThisState, Stale
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.auth import ADMIN, AGENT, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

lottery_admin = Blueprint(__name__)

READERS = (AGENT, OPS, ADMIN)
WRITERS = (OPS, ADMIN)
IF_MATCH = [("If-Match", "The version that the change builds on")]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class LotteryWindow(msgspec.Struct, forbid_unknown_fields=True):
    """From when until when members draw."""

    from_: Instant = msgspec.field(name="from")
    until: Instant


class LotteryParts(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Parts of a lottery that may be left out. The prizes are `p1`, `p2` and so on, in order."""

    look: Look | UnsetType = UNSET
    price_points: SomePoints | UnsetType = UNSET
    free_per_day: FreeDraws | UnsetType = UNSET
    limits: DrawLimits | UnsetType = UNSET
    guarantee: Guarantee | UnsetType | None = UNSET


class LotteryDraft(LotteryParts, forbid_unknown_fields=True, kw_only=True):
    """A new lottery: it is a draft until it is published."""

    title: LotteryTitle
    prizes: Prizes
    valid: LotteryWindow


class LotteryChange(LotteryParts, forbid_unknown_fields=True, kw_only=True):
    """Any part of a draft; a part that is given replaces the whole part."""

    title: LotteryTitle | UnsetType = UNSET
    prizes: Prizes | UnsetType = UNSET
    valid: LotteryWindow | UnsetType = UNSET


class LotteryPeriod(msgspec.Struct):
    """From when until when members draw."""

    from_: str = msgspec.field(name="from")
    until: str


class AdminLotteryView(msgspec.Struct):
    """A lottery as ops define it; `commitment` is the hash of its seed, once it is published."""

    id: str
    version: int
    status: Status
    title: LotteryTitle
    look: Look
    prizes: list[Prize]
    price_points: int
    free_per_day: int
    limits: DrawLimits
    guarantee: Guarantee | None
    valid: LotteryPeriod
    commitment: str | None
    created_at: str
    published_at: str | None
    ended_at: str | None


class PrizeResult(msgspec.Struct):
    """How often a prize was won, and how many are left; null of what is no win."""

    id: str
    kind: PrizeKind
    title: LotteryTitle
    odds: int
    stock: int | None
    won: int
    left: int | None


class LotteryResults(msgspec.Struct):
    """What came of a lottery so far: points that draws took and that prizes give, and prizes that
    wait to be given. All of it is exact."""

    drawn: int
    points_taken: int
    points_won: int
    waiting: int
    prizes: list[PrizeResult]


class LotteriesQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """All lotteries, or those in one state."""

    status: Status | None = None


def _view(lottery: Lottery) -> AdminLotteryView:
    return shaped(
        AdminLotteryView,
        lottery,
        prizes=list(lottery.prizes),
        valid=LotteryPeriod(rfc3339_ms(lottery.from_ms), rfc3339_ms(lottery.until_ms)),
        created_at=rfc3339_ms(lottery.created_at_ms),
    )


def _given(parts: LotteryParts) -> dict[str, Any]:
    told = msgspec.structs.asdict(parts)
    given = {name: value for name, value in told.items() if value is not UNSET}
    if (window := given.pop("valid", None)) is not None:
        given |= {"from_ms": to_ms(window.from_), "until_ms": to_ms(window.until)}
    return given


@route(
    lottery_admin, "GET", "/v1/admin/lotteries",
    summary="List the lotteries, the newest first",
    roles=READERS, query=LotteriesQuery, answer=Page[AdminLotteryView],
    example={"answer": {"data": [examples.DRAFTED], "next_cursor": None}},
)  # fmt: skip
def list_admin_lotteries(call: Call) -> Reply:
    asked = call.query
    found = [each for each in queries.all_lotteries() if asked.status in (None, each.status)]
    scope = f"admin-lotteries:{asked.status}"
    made = part(scope, asked, found, lambda each: (-each.created_at_ms, each.id))
    return Reply(made.shown(_view))


@route(
    lottery_admin, "POST", "/v1/admin/lotteries",
    summary="Create a lottery, as a draft",
    roles=WRITERS, body=LotteryDraft, answer=AdminLotteryView, status=201, key=True,
    example={"request": examples.DRAFT, "answer": examples.DRAFTED},
)  # fmt: skip
def create_lottery(call: Call) -> Reply:
    lottery_id = call.derived_id("lot")
    draft = Lottery(
        id=lottery_id,
        version=1,
        status="draft",
        created_at_ms=to_ms(call.now),
        **_given(call.body),
    )
    act = audit.act_of(call, "lottery.create", lottery_id)
    return answer_of(actions.create_lottery(draft, call.content_digest, act), _view)


@route(
    lottery_admin, "GET", "/v1/admin/lotteries/{id}",
    summary="Show a lottery as ops define it",
    roles=READERS, answer=AdminLotteryView, example={"answer": examples.DRAFTED},
)  # fmt: skip
def show_admin_lottery(call: Call) -> Reply:
    return Reply(_view(queries.get_lottery(call.path["id"])))


@route(
    lottery_admin, "PATCH", "/v1/admin/lotteries/{id}",
    summary="Change a draft of a lottery",
    roles=WRITERS, body=LotteryChange, answer=AdminLotteryView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
    example={"request": {"price_points": 50}, "answer": examples.DRAFTED},
)  # fmt: skip
def change_lottery(call: Call) -> Reply:
    lottery_id = call.path["id"]
    act = audit.act_of(call, "lottery.change", lottery_id)
    after = actions.change_lottery(lottery_id, _given(call.body), call.seen_version, act)
    return Reply(_view(after))


@route(
    lottery_admin, "POST", "/v1/admin/lotteries/{id}/publish",
    summary="Publish a lottery with the hash of its seed; nothing of it changes any more",
    roles=WRITERS, answer=AdminLotteryView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState, OutOfStock],
    example={"answer": examples.PUBLISHED},
)  # fmt: skip
def publish_lottery(call: Call) -> Reply:
    lottery_id = call.path["id"]
    act = audit.act_of(call, "lottery.publish", lottery_id)
    return Reply(_view(actions.publish_lottery(lottery_id, call.seen_version, act, call.now)))


@route(
    lottery_admin, "POST", "/v1/admin/lotteries/{id}/end",
    summary="End a lottery before its time: nobody draws any more, and its proof is shown",
    roles=WRITERS, answer=AdminLotteryView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
    example={"answer": {**examples.PUBLISHED, "status": "ended", "version": 3,
                        "ended_at": "2026-12-09T08:00:00Z"}},
)  # fmt: skip
def end_lottery(call: Call) -> Reply:
    lottery_id = call.path["id"]
    act = audit.act_of(call, "lottery.end", lottery_id)
    return Reply(_view(actions.end_lottery(lottery_id, call.seen_version, act, call.now)))


@route(
    lottery_admin, "GET", "/v1/admin/lotteries/{id}/results",
    summary="What came of a lottery: draws, prizes won and left, points taken and given",
    roles=READERS, answer=LotteryResults, example={"answer": examples.RESULTS},
)  # fmt: skip
def show_lottery_results(call: Call) -> Reply:
    lottery = queries.get_lottery(call.path["id"])
    head = queries.head_of(lottery)
    won = wins_of(lottery, head.left, head.number)
    prizes = lottery.by_id
    return Reply(
        LotteryResults(
            drawn=head.number,
            points_taken=head.taken,
            points_won=sum(won[name] * (each.points or 0) for name, each in prizes.items()),
            waiting=queries.count_due(lottery.id),
            prizes=[
                shaped(PrizeResult, each, id=name, won=won[name], left=head.left.get(number))
                for number, (name, each) in enumerate(prizes.items(), 1)
            ],
        )
    )
