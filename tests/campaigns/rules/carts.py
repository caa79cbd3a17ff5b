"""Carts and campaigns for tests of the price engine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from chalicelib.campaigns.rules.audiences import Buyer
from chalicelib.campaigns.rules.definitions import Campaign, CampaignDraft
from chalicelib.campaigns.rules.lines import Line
from chalicelib.campaigns.rules.pricing import Priced, price
from chalicelib.campaigns.rules.sets import compile_campaigns
from chalicelib.catalog import Freight
from chalicelib.coupons import Coupon, Terms

# A Tuesday, 11:00 in Shanghai.
AT = datetime(2026, 12, 1, 3, tzinfo=UTC)
BUYER = Buyer(member_id="mbr_1", tier="gold")


def line(sku: str = "CUP", points: int = 0, **more: Any) -> Line:
    """A line of a SKU, one unit unless told."""
    return Line(sku, f"prd_{sku}", more.pop("quantity", 1), points, **more)


def campaign(kind: str, effect: dict[str, Any], **more: Any) -> Campaign:
    """A live campaign; what else is given are its terms, `id` and `version`."""
    found_id, version = more.pop("id", "cam_1"), more.pop("version", 1)
    terms = {"kind": kind, "effect": {kind: effect}, "title": {"zh-CN": "活动", "en": "Sale"}}
    draft = msgspec.convert(terms | more, CampaignDraft)
    return Campaign(id=found_id, version=version, terms=draft, status="live")


def coupon(kind: str, **terms: Any) -> Coupon:
    return Coupon(
        id="cpn_1",
        template_id="tpl_1",
        member_id="mbr_1",
        terms=msgspec.convert({"kind": kind, **terms}, Terms),
    )


def priced(
    lines: list[Line], *campaigns: Campaign, coupon: Coupon | None = None, **more: Any
) -> Priced:
    """The price of a cart, for the buyer on the day of these tests unless told."""
    buyer, at = more.pop("buyer", BUYER), more.pop("at", AT)
    freight = more.pop("freight", Freight())
    return price(lines, buyer, compile_campaigns(campaigns), coupon, at, freight, **more)
