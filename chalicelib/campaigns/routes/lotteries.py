"""Lotteries for members: what there is to win, draws, and the proof for everybody."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint
from msgspec import Meta

from chalicelib import members
from chalicelib.campaigns.actions import draws as actions
from chalicelib.campaigns.actions.seeds import open_code, pseudonym_of
from chalicelib.campaigns.errors import (
    DrawPriceChanged,
    LotteryNotOver,
    LotteryNotStarted,
    LotteryOver,
    NoDrawsLeft,
)
from chalicelib.campaigns.queries import lotteries as queries
from chalicelib.campaigns.queries.proofs import proof_of
from chalicelib.campaigns.routes import lottery_examples as examples
from chalicelib.campaigns.routes.lottery_views import (
    DrawView,
    LotteryCard,
    LotteryView,
    ProofView,
    card,
    draw_view,
    lottery_view,
    proof_view,
)
from chalicelib.campaigns.rules.draws import Draw
from chalicelib.campaigns.rules.lotteries import Lottery
from chalicelib.earning import with_ways_to_earn
from chalicelib.kernel import cursors
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.cursors import Page, PageQuery, part
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import AccountFrozen, InsufficientPoints, UnderReview

lottery_routes = Blueprint(__name__)

# Draws of one answer of a proof.
_PROOF_PAGE = 1_000
# A lottery that is over is listed for so long: its proof is to be found.
_LISTED_AFTER_MS = 30 * 86_400_000

DrawPoints = Annotated[int, Meta(ge=0, le=1_000_000)]


class ExpectedDraw(msgspec.Struct, forbid_unknown_fields=True):
    """What the member saw that the draw costs."""

    points: DrawPoints


class DrawIn(msgspec.Struct, forbid_unknown_fields=True):
    """A draw. With `expected` it is refused where it costs other points."""

    expected: ExpectedDraw | None = None


class ProofQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`?cursor=` from the last answer's `next_cursor`."""

    cursor: Annotated[str, Meta(max_length=4096)] | None = None


@route(
    lottery_routes, "GET", "/v1/lotteries",
    summary="Lotteries that run, are to come, or were over within 30 days",
    roles=[MEMBER], query=PageQuery, answer=Page[LotteryCard],
    example={"answer": {"data": [examples.CARD], "next_cursor": None}},
)  # fmt: skip
def list_lotteries(call: Call) -> Reply:
    now_ms = to_ms(call.now)
    found = [
        each
        for each in queries.shown_lotteries()
        if now_ms < min(each.until_ms, each.ended_at_ms or each.until_ms) + _LISTED_AFTER_MS
    ]
    listed = part("lotteries", call.query, found, lambda each: (-each.from_ms, each.id))
    return Reply(listed.shown(lambda each: card(each, call)))


@route(
    lottery_routes, "GET", "/v1/lotteries/{id}",
    summary="Show a lottery: its odds as they are, what is left, and my draws left",
    roles=[MEMBER], answer=LotteryView, example={"answer": examples.LOTTERY},
)  # fmt: skip
def show_lottery(call: Call) -> Reply:
    known = queries.get_known(call.path["id"])
    head = queries.head_of(known.lottery)
    tally = queries.tally_of(queries.mine(known.lottery.id, call.member_id))
    pseudonym = pseudonym_of(known.lottery.id, call.member_id)
    return Reply(lottery_view(known.lottery, head, tally, pseudonym, call))


@route(
    lottery_routes, "POST", "/v1/lotteries/{id}/draws",
    summary="Draw once",
    roles=[MEMBER], consent=True, body=DrawIn, body_required=False, answer=DrawView, status=201,
    key=True,
    may_raise=[LotteryNotStarted, LotteryOver, NoDrawsLeft, DrawPriceChanged, InsufficientPoints,
               AccountFrozen, UnderReview],
    example={"request": {"expected": {"points": 100}}, "answer": examples.DRAW},
)  # fmt: skip
def draw(call: Call) -> Reply:
    expected = call.body.expected
    asked = actions.Asked(
        call.derived_id("drw"),
        call.path["id"],
        call.member_id,
        call.content_digest,
        expected.points if expected else None,
    )
    with with_ways_to_earn(call):
        drawn = actions.draw(asked, call.now)
    lottery = queries.get_known(asked.lottery_id).lottery
    return answer_of(drawn, lambda each: _shown(lottery, each, call))


def _shown(lottery: Lottery, draw: Draw, call: Call) -> DrawView:
    code = open_code(draw.sealed_code, draw.id) if draw.sealed_code else None
    return draw_view(lottery, draw, code, call.language)


@route(
    lottery_routes, "GET", "/v1/lotteries/{id}/draws",
    summary="My draws of a lottery, the last one first",
    roles=[MEMBER], query=PageQuery, answer=Page[DrawView],
    example={"answer": {"data": [examples.DRAW], "next_cursor": None}},
)  # fmt: skip
def list_draws(call: Call) -> Reply:
    lottery = queries.get_known(call.path["id"]).lottery
    ids = members.ids_of(call.member_id)
    found = [draw for each in ids for draw in queries.mine(lottery.id, each)]
    scope = f"draws:{lottery.id}:{call.member_id}"
    listed = part(scope, call.query, found, lambda each: (-each.number,))
    return Reply(listed.shown(lambda each: _shown(lottery, each, call)))


@route(
    lottery_routes, "GET", "/v1/lotteries/{id}/proof",
    summary="Show the seed and all draws of a lottery that is over, for everybody",
    query=ProofQuery, answer=ProofView, may_raise=[LotteryNotOver],
    example={"answer": examples.PROOF},
)  # fmt: skip
def show_proof(call: Call) -> Reply:
    """A thousand draws an answer. `docs/lottery.md` says how each is computed again."""
    lottery_id = call.path["id"]
    scope = f"proof:{lottery_id}"
    after: Any = cursors.decode(scope, call.query.cursor)
    proof = proof_of(lottery_id, after or 0, _PROOF_PAGE)
    more = proof.draws and proof.draws[-1].number < proof.total
    cursor = cursors.encode(scope, proof.draws[-1].number) if more else None
    return Reply(proof_view(proof, cursor))
