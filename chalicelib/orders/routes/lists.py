"""Which list of orders a call asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.cursors import PageQuery
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.orders.queries.lists import ListAsked
from chalicelib.orders.routes.views import Status
from chalicelib.orders.rules import ENDED
from chalicelib.orders.rules.orders import AWAITING_REVIEW

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
# Lists beside the states: `rules/lists.py`.
Named = Literal["uncollected", "refunded", "unsettled"]
_LISTED = ("status", "list")
_WITH_A_LIST = ("first", "to", "sort")
_FIELDS = {"first": "from"}


class ListQuery(PageQuery, forbid_unknown_fields=True, kw_only=True, rename=_FIELDS):
    """`status` is a state, `list` one beside them: `uncollected` (on delivery, its cash not here
    yet), `refunded` (wholly, before it ended), `unsettled` (cancelled, may still be paid). `from`
    inclusive and `to` exclusive are of the placing. `sort` is `oldest` first for what waits, else
    `newest`; shipped and delivered orders stand by the time of that state. A page before the last
    may hold fewer than `limit`, even none."""

    status: Status | None = None
    list: Named | None = None
    first: Moment | None = None
    to: Moment | None = None
    sort: Literal["oldest", "newest"] | None = None


def one_of(asked: ListQuery, searches: Sequence[str]) -> tuple[str | None, Any]:
    """The search of a call and its value; None if it asks for a list.

    Raises Invalid naming each further filter.
    """
    names = (*searches, *_LISTED)
    first, *others = [name for name in names if getattr(asked, name) is not None] or [""]
    if first in searches:
        others += [name for name in _WITH_A_LIST if getattr(asked, name) is not None]
    if others:
        words = Words(f"不能与 {first} 同时使用", f"does not go with {first}")
        shown = [_FIELDS.get(name, name) for name in others]
        raise Invalid(*(FieldError(name, "one_filter_only", words) for name in shown))
    return (first, getattr(asked, first)) if first in searches else (None, None)


def list_asked(asked: ListQuery) -> ListAsked:
    """Raises Invalid for a span that ends before it begins."""
    name = asked.list or asked.status or AWAITING_REVIEW
    if asked.first and asked.to and asked.to < asked.first:
        words = Words("不得早于开始时间", "is before the beginning")
        raise Invalid(FieldError("to", "invalid_span", words))
    return ListAsked(
        name,
        to_ms(asked.first) if asked.first else None,
        to_ms(asked.to) if asked.to else None,
        asked.sort == "newest" if asked.sort else name in ENDED or name == "refunded",
    )
