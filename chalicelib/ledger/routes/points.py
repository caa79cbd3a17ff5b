"""A member's points and their history."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Annotated, Literal, cast

import msgspec
from chalice.app import Blueprint

from chalicelib.kernel.clock import rfc3339, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import FieldError, Invalid, NotFound, Words
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import queries
from chalicelib.ledger.routes import views
from chalicelib.ledger.routes.views import (
    Balance,
    EntryType,
    EntryView,
    StatementLine,
    StatementView,
)

ledger = Blueprint(__name__)

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_AT = (
    "A past moment; now by default. The answer counts entries recorded up to and including that "
    "moment, and points that had not lapsed by then"
)
Unit = Literal["points", "growth", "rebate_cash"]

BALANCE_EXAMPLE = {
    "unit": "points", "available": 1280, "pending": 0, "held": 0, "debt": 0,
    "expiring": [{"at": "2027-11-30T16:00:00Z", "points": 1280}],
    "lifetime": {
        "accrued": 2080, "redeemed": 800, "expired": 0, "transferred": 0, "adjusted": 0,
    },
    "status": "active",
}  # fmt: skip
ENTRY_EXAMPLE = {
    "id": "ent_3ndq2kzvdkwqymh6dz4wmbyziu",
    "account": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe:points", "seq": 2, "type": "redemption",
    "points": -800, "balance_after": 1280, "source": "order:ord_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "rule": None,
    "reference": "order:ord_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "occurred_at": "2026-11-21T08:00:00Z", "recorded_at": "2026-11-21T08:00:00Z",
    "lots": [{"at": "2027-11-30T16:00:00Z", "points": -800}],
    "postings": [
        {"account": "program:points:redeemed", "points": 800},
        {"account": "member:mbr_7dq2kzvdkwqymh6dz4wmbyzixe:points", "points": -800},
    ],
    "content": "3b9ac9ff0c5e4d2a9f31c6b7", "hash": "5f0c" + "0" * 60,
    "prev_hash": "91ab" + "0" * 60, "message": None,
}  # fmt: skip
STATEMENT_EXAMPLE = {
    "month": "2026-11", "unit": "points", "from": "2026-10-31T16:00:00Z",
    "to": "2026-11-30T16:00:00Z", "is_complete": False, "opening": 800, "closing": 1280,
    "lines": [
        {"type": "accrual", "entries": 2, "points": 1280},
        {"type": "redemption", "entries": 1, "points": -800},
    ],
}  # fmt: skip
_MONTH = re.compile(r"(2[0-9]{3})-(0[1-9]|1[0-2])\Z")


class UnitQuery(msgspec.Struct, forbid_unknown_fields=True):
    unit: Unit = "points"


class PointsQuery(UnitQuery, forbid_unknown_fields=True):
    at: Annotated[Moment, msgspec.Meta(description=_AT)] | None = None


class EntriesQuery(PageQuery, forbid_unknown_fields=True, kw_only=True, rename={"since": "from"}):
    """`from` inclusive, `to` exclusive, by the time of recording."""

    unit: Unit = "points"
    type: EntryType | None = None
    since: Moment | None = None
    to: Moment | None = None


def balance_asked(account_id: str, asked: PointsQuery, now: datetime) -> Balance:
    """An account's balances, now or as of `asked.at`. Raises Invalid naming `at`."""
    if asked.at is None:
        return views.balance(queries.find_account(account_id), now)
    if asked.at > now:
        words = Words("须为过去的时间", "is a moment of the past")
        raise Invalid(FieldError("at", "in_the_future", words))
    return views.balance(queries.account_at(account_id, to_ms(asked.at)), asked.at)


@route(
    ledger, "GET", "/v1/me/points/entries",
    summary="The history of my points, newest first",
    roles=[MEMBER], query=EntriesQuery, answer=Page[EntryView],
    example={"answer": {"data": [ENTRY_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_entries(call: Call) -> Reply:
    asked: EntriesQuery = call.query
    return Reply(
        queries.history(
            queries.account_of(call.member_id, asked.unit),
            asked,
            entry_type=asked.type,
            since=asked.since,
            until=asked.to,
            view=lambda entry: views.entry_view(entry, queries.message_of(entry)),
        )
    )


@route(
    ledger, "GET", "/v1/me/points/statements/{month}",
    summary="My statement of a month (yyyy-mm); the current month's is not complete",
    roles=[MEMBER], query=UnitQuery, answer=StatementView,
    example={"answer": STATEMENT_EXAMPLE},
)  # fmt: skip
def show_statement(call: Call) -> Reply:
    month, unit = call.path["month"], call.query.unit
    first, last = _month(month)
    if first > call.now:
        raise NotFound()
    made = queries.statement_between(
        queries.account_of(call.member_id, unit), to_ms(first), to_ms(last)
    )
    return Reply(
        StatementView(
            month,
            unit,
            rfc3339(first),
            rfc3339(last),
            last <= call.now,
            made.opening,
            made.closing,
            [
                StatementLine(cast(EntryType, line.type), line.entries, line.points)
                for line in made.lines
            ],
        )
    )


def _month(text: str) -> tuple[datetime, datetime]:
    """The first instant of a month of the program, and of the next one.

    Raises Invalid naming `month`.
    """
    found = _MONTH.match(text)
    if found is None:
        raise Invalid(
            FieldError("month", "not_a_month", Words("格式须为 yyyy-mm", "reads yyyy-mm"))
        )
    year, month = int(found[1]), int(found[2])
    days = (date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))
    first, after = (datetime.combine(day, time(), config().time_zone) for day in days)
    return first, after
