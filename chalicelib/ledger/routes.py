"""A member's points and their history."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from chalice.app import Blueprint

from chalicelib.kernel.auth import MEMBER
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import InvalidCursor
from chalicelib.kernel.http import Reply, route
from chalicelib.kernel.requests import Call
from chalicelib.ledger import queries, views
from chalicelib.ledger.views import Balance, EntryType, EntryView

ledger = Blueprint(__name__)

Moment = Annotated[datetime, msgspec.Meta(tz=True)]

BALANCE_EXAMPLE = {
    "unit": "points", "available": 1280, "pending": 0, "held": 0, "debt": 0,
    "expiring": [{"at": "2027-11-30T16:00:00Z", "points": 1280}],
    "lifetime": {"accrued": 2080, "redeemed": 800, "expired": 0}, "status": "active",
}  # fmt: skip
ENTRY_EXAMPLE = {
    "id": "ent_3ndq2kzvdkwqymh6dz4wmbyziu", "seq": 2, "type": "redemption", "points": -800,
    "balance_after": 1280, "source": "order:ord_5c3bqbzkmvnl2hwmbkqk5pnjhm", "rule": None,
    "reference": "order:ord_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "occurred_at": "2026-11-21T08:00:00Z", "recorded_at": "2026-11-21T08:00:00Z",
    "lots": [{"at": "2027-11-30T16:00:00Z", "points": -800}],
    "postings": [
        {"account": "program:redeemed", "points": 800},
        {"account": "member:mbr_7dq2kzvdkwqymh6dz4wmbyzixe:points", "points": -800},
    ],
    "hash": "5f0c" + "0" * 60, "prev_hash": "91ab" + "0" * 60,
}  # fmt: skip


class PointsQuery(msgspec.Struct, forbid_unknown_fields=True):
    unit: Literal["points"] = "points"


class EntriesQuery(PageQuery, forbid_unknown_fields=True, kw_only=True, rename={"since": "from"}):
    """`from` inclusive, `to` exclusive, by the time of recording."""

    type: EntryType | None = None
    since: Moment | None = None
    to: Moment | None = None


@route(
    ledger, "GET", "/v1/me/points",
    summary="My points: available, expiring, lifetime",
    roles=[MEMBER], query=PointsQuery, answer=Balance, example={"answer": BALANCE_EXAMPLE},
)  # fmt: skip
def show_points(call: Call) -> Reply:
    account = queries.find_account(queries.points_account(call.member_id))
    return Reply(views.balance(account, call.now))


@route(
    ledger, "GET", "/v1/me/points/entries",
    summary="The history of my points, newest first",
    roles=[MEMBER], query=EntriesQuery, answer=Page[EntryView], may_raise=[InvalidCursor],
    example={"answer": {"data": [ENTRY_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_entries(call: Call) -> Reply:
    asked: EntriesQuery = call.query
    return Reply(
        queries.history(
            queries.points_account(call.member_id), asked,
            entry_type=asked.type, since=asked.since, until=asked.to, view=views.entry_view,
        )
    )  # fmt: skip
