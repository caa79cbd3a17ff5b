"""The writes of orders that a campaign and a coupon make cheaper, and of giving them back."""

from __future__ import annotations

from typing import Any

from infra.bench.in_process import InProcess
from infra.bench.mall import LONG_ADDRESS, Mall
from infra.bench.use_cases import UseCase

# An order of one SKU writes 11 units; a coupon 4 more, its explanation among them; a budget 2.
_OF_ORDER, _OF_COUPON, _OF_BUDGET = 11, 4, 2


def measure(here: InProcess, mall: Mall) -> list[UseCase]:
    """An order with a coupon, one with a campaign besides, and its cancel."""
    token: str = mall.member("discounts")["access_token"]
    address, _ = here.call("POST", "/v1/me/addresses", LONG_ADDRESS, token)
    sku = mall.sku(100, price={"points": 100})

    def order(**other: Any) -> Any:
        items = [{"sku": sku, "quantity": 1}]
        body = {"items": items, "address_id": address["id"], **other}
        return here.call("POST", "/v1/orders", body, token)

    _, plain = order()
    _, with_coupon = order(coupon_id=_coupon(here, mall, token))
    _, quoted = here.call(
        "POST", "/v1/orders/quote?coupons=true", {"items": [{"sku": sku, "quantity": 1}]}, token
    )
    campaign = _campaign(here, mall, sku)
    placed, with_both = order(coupon_id=_coupon(here, mall, token))
    _, cancelled = here.call("POST", f"/v1/orders/{placed['id']}/cancel", None, token)
    here.call(
        "POST", f"/v1/admin/campaigns/{campaign['id']}/end", None, mall.ops, **_version(campaign)
    )
    both = _OF_ORDER + _OF_COUPON + _OF_BUDGET
    return [
        UseCase("An order without campaign and coupon", plain, _OF_ORDER),
        UseCase("An order with a coupon", with_coupon, _OF_ORDER + _OF_COUPON),
        UseCase("An order with a coupon and a campaign that has a budget", with_both, both),
        UseCase("Cancelling it: coupon and budget go back", cancelled),
        UseCase("A quote that tries the member's coupons", quoted, 0),
    ]


def _coupon(here: InProcess, mall: Mall, token: str) -> str:
    """A coupon that the member has claimed, of a template of its own."""
    draft = {
        "title": {"zh-CN": "减十积分", "en": "10 points off"},
        "kind": "points_off",
        "amount": 10,
        "valid": {"days": 30},
    }
    made = mall.call("POST", "/v1/admin/coupon-templates", draft, mall.ops)
    path = f"/v1/admin/coupon-templates/{made['id']}/publish"
    here.call("POST", path, None, mall.ops, **_version(made))
    coupon, _ = here.call("POST", f"/v1/coupons/{made['id']}/claims", {}, token)
    claimed: str = coupon["id"]
    return claimed


def _campaign(here: InProcess, mall: Mall, sku: str) -> Any:
    """A campaign in force that takes points off this SKU."""
    steps = [{"at_least": 50, "off": 5}]
    draft = {
        "kind": "full_reduction",
        "title": {"zh-CN": "满减", "en": "Reduction"},
        "effect": {"full_reduction": {"unit": "points", "steps": steps}},
        "scope": {"skus": [sku]},
        "budget": {"points": 1000},
    }
    made = mall.call("POST", "/v1/admin/campaigns", draft, mall.ops)
    path = f"/v1/admin/campaigns/{made['id']}/publish"
    published, _ = here.call("POST", path, None, mall.ops, **_version(made))
    return published


def _version(record: Any) -> dict[str, str]:
    return {"If-Match": str(record["version"])}
