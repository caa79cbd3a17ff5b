"""Campaigns for members: what runs now, and what begins within a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from chalice.app import Blueprint

from chalicelib.campaigns.queries import shown as queries
from chalicelib.campaigns.queries.shown import Shown, UnitPrice
from chalicelib.campaigns.rules.definitions import CampaignKind
from chalicelib.campaigns.rules.words import Names, in_words
from chalicelib.earning import window_words
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.money import Money
from chalicelib.kernel.texts import ID, kind
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call

campaign_routes = Blueprint(__name__)

EXAMPLE: dict[str, Any] = {
    "id": "cam_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "kind": "flash_sale",
    "title": "周五闪购",
    "text": "保温杯享活动价。每人限 1 单。",
    "window": "2026-12-04 20:00 至 2026-12-04 22:00",
    "status": "upcoming",
    "starts_at": "2026-12-04T12:00:00Z",
    "ends_at": "2026-12-04T14:00:00Z",
    "orders_left": 1,
    "takers_left": 100,
    "prices": [
        {"sku": "CUP-RED", "product_id": "prd_4jzwk6zq5bnvdlrxf7uyo3nkim", "title": "保温杯",
         "points": 600, "cash": None, "list_points": 1000, "list_cash": None,
         "available": 50},
    ],
}  # fmt: skip


class CampaignsOfMemberQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`?product=`: those that are about its goods, with their prices."""

    product: Annotated[str, kind(64, form=ID)] | None = None


class CampaignPriceView(msgspec.Struct):
    """The price of one unit with the campaign, and the list price; `available` units are left."""

    sku: str
    product_id: str
    title: str
    points: int
    cash: Money | None
    list_points: int
    list_cash: Money | None
    available: int


class CampaignView(msgspec.Struct):
    """A campaign in words. `orders_left` are those that this member may have it with, `takers_left`
    those of all; null is without limit, and takers are told with prices alone."""

    id: str
    kind: CampaignKind
    title: str
    text: str
    window: str | None
    status: Literal["running", "upcoming"]
    starts_at: str | None
    ends_at: str | None
    orders_left: int | None
    takers_left: int | None
    prices: list[CampaignPriceView]


class CampaignsView(msgspec.Struct):
    """What runs now, then what begins within a week."""

    data: list[CampaignView]


@route(
    campaign_routes, "GET", "/v1/campaigns",
    summary="What runs now for me, and what begins within a week",
    roles=(MEMBER,), query=CampaignsOfMemberQuery, answer=CampaignsView,
    example={"answer": {"data": [{**EXAMPLE, "prices": [], "takers_left": None}]}},
)  # fmt: skip
def list_campaigns(call: Call) -> Reply:
    found = queries.of_member(call.member_id, call.now, call.query.product)
    views = _views(found, call.language, call.now)
    return Reply(CampaignsView(sorted(views, key=lambda each: each.status)))


@route(
    campaign_routes, "GET", "/v1/campaigns/{id}",
    summary="A campaign with its prices, while it runs for me or begins within a week",
    roles=(MEMBER,), answer=CampaignView, example={"answer": EXAMPLE},
)  # fmt: skip
def show_campaign(call: Call) -> Reply:
    found = or_not_found(queries.one_of_member(call.path["id"], call.member_id, call.now))
    return Reply(_views([found], call.language, call.now)[0])


def _views(found: Sequence[Shown], language: str, now: datetime) -> list[CampaignView]:
    names = queries.names_in([each.campaign for each in found])
    return [_view(each, names, language, now) for each in found]


def _view(shown: Shown, names: Names, language: str, now: datetime) -> CampaignView:
    campaign, terms = shown.campaign, shown.campaign.terms
    begins, valid = queries.begins_at(terms), terms.valid
    window = window_words(valid, config().time_zone)
    return CampaignView(
        id=campaign.id,
        kind=terms.kind,
        title=terms.title.in_language(language),
        text=in_words(terms, config().currency, names).in_language(language),
        window=window.in_language(language) if window else None,
        status="upcoming" if begins is not None and begins > now else "running",
        starts_at=_at(begins),
        ends_at=_at(valid.until if valid else None),
        orders_left=shown.orders,
        takers_left=shown.takers,
        prices=[_price(each, language) for each in shown.prices],
    )


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339_ms(to_ms(moment))


def _price(price: UnitPrice, language: str) -> CampaignPriceView:
    offer = price.offer
    return CampaignPriceView(
        sku=offer.sku,
        product_id=offer.product_id,
        title=offer.title.in_language(language),
        points=price.points,
        cash=_money(price.cash),
        list_points=offer.points,
        list_cash=_money(offer.cash),
        available=offer.available,
    )


def _money(amount: int) -> Money | None:
    return Money(amount, config().currency) if amount else None
