"""The routes of a member's inbox."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import msgspec
from chalice.app import Blueprint

from chalicelib.kernel import clock, cursors
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import InvalidCursor, NotFound
from chalicelib.kernel.money import Money
from chalicelib.kernel.store.tables import readable
from chalicelib.kernel.web import auth
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.notify import actions, queries
from chalicelib.notify.rules import (
    AccountNews,
    CashNews,
    CouponNews,
    DeviceNews,
    Earned,
    Expiring,
    News,
    OrderNews,
    PointsNews,
    Received,
    ReturnNews,
    ReviewNews,
    TierNews,
    Welcome,
    WithdrawalNews,
    notice,
)
from chalicelib.notify.tables import NoticeItem

notices = Blueprint(__name__)


class NoticeData(msgspec.Struct, omit_defaults=True):
    """The subjects that a client links a notice to; only the fields of its type are present."""

    order_id: str | None = None
    return_id: str | None = None
    withdrawal_id: str | None = None
    status: str | None = None
    entry_id: str | None = None
    transfer_id: str | None = None
    points: int | None = None
    unit: str | None = None
    expires_at: str | None = None
    cash: Money | None = None
    expected_by: str | None = None
    review_id: str | None = None
    product_id: str | None = None
    session_id: str | None = None
    coupon_id: str | None = None


class NoticeView(msgspec.Struct):
    """A notice in its reader's language; `created_at` is the time of the event."""

    id: str
    type: str
    title: str
    body: str
    data: NoticeData
    read: bool
    created_at: str


def view(language: str, item: NoticeItem) -> NoticeView:
    told = notice(queries.opened(item), language)
    created_at = clock.rfc3339_ms(item.created_ms)
    return NoticeView(
        item.id, item.type, told.title, told.body, _data(item.news), item.read, created_at
    )


def _data(news: News) -> NoticeData:
    if isinstance(news, OrderNews | ReturnNews | CashNews):
        return _about_order(news)
    if isinstance(news, WithdrawalNews):
        return NoticeData(withdrawal_id=news.withdrawal_id, status=news.status)
    if isinstance(news, ReviewNews):
        return NoticeData(
            order_id=news.order_id,
            status=news.event,
            review_id=news.review_id,
            product_id=news.product_id,
        )
    if isinstance(news, TierNews | DeviceNews | AccountNews | Welcome):
        return _about_member(news)
    if isinstance(news, CouponNews):
        return NoticeData(coupon_id=news.coupon_id, expires_at=news.valid_until)
    return _points_data(news)


def _about_member(news: TierNews | DeviceNews | AccountNews | Welcome) -> NoticeData:
    if isinstance(news, TierNews):
        return NoticeData(status=news.tier, expires_at=news.until)
    if isinstance(news, AccountNews):
        return NoticeData(status=news.status)
    return NoticeData(session_id=news.session_id if isinstance(news, DeviceNews) else None)


def _points_data(news: Earned | PointsNews | Received | Expiring) -> NoticeData:
    if isinstance(news, Expiring):
        return NoticeData(points=news.points, unit=news.unit, expires_at=news.expires_at)
    transfer_id = news.transfer_id if isinstance(news, PointsNews | Received) else None
    return NoticeData(
        entry_id=news.entry_id, transfer_id=transfer_id, points=news.points, unit=news.unit
    )


def _about_order(news: OrderNews | ReturnNews | CashNews) -> NoticeData:
    if isinstance(news, OrderNews):
        return NoticeData(order_id=news.order_id, status=news.status, points=news.points)
    if isinstance(news, ReturnNews):
        return NoticeData(order_id=news.order_id, return_id=news.return_id, status=news.status)
    cash = Money(news.amount, news.currency)
    return NoticeData(
        order_id=news.order_id, status=news.event, cash=cash, expected_by=news.expected_by
    )


_EXAMPLE = {
    "id": "ntc_kq3vmtz5yzq2lr4b7xw6p2c5ne",
    "type": "order.shipped",
    "title": "已发货",
    "body": "您兑换的「保温杯」已发货，由 SF 承运，运单号 SF1029384756。",
    "data": {"order_id": "ord_7wq2m5tzr4xkcv3b6n2lpy5gae", "status": "shipped", "points": 1000},
    "read": False,
    "created_at": "2026-11-21T08:00:00Z",
}


@route(
    notices,
    "GET",
    "/v1/me/notifications",
    summary="List my notices: unread first, newest first",
    roles=[auth.MEMBER],
    query=PageQuery,
    answer=Page[NoticeView],
    may_raise=[InvalidCursor],
    example={"answer": {"data": [_EXAMPLE], "next_cursor": None}},
)
def list_notifications(call: Call) -> Reply:
    return Reply(
        cursors.page(
            f"notifications:{call.member_id}",
            call.query,
            partial(queries.inbox, call.member_id),
            partial(view, call.language),
            leave_out_unreadable=True,
        )
    )


@route(
    notices,
    "POST",
    "/v1/me/notifications/{id}/read",
    summary="Mark a notice as read; repeating changes nothing",
    roles=[auth.MEMBER],
    answer=NoticeView,
    may_raise=[NotFound],
    example={"answer": {**_EXAMPLE, "read": True}},
)
def read_notification(call: Call) -> Reply:
    return Reply(view(call.language, actions.mark_read(call.member_id, call.path["id"])))


def export_of(member_id: str, language: str) -> dict[str, Iterable[Any]]:
    """A member's notices as they read them, for an export of all that is theirs."""
    return {"notices": (view(language, item) for item in readable(queries.inbox(member_id)))}
