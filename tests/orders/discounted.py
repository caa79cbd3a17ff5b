"""Orders with coupons and campaigns in tests."""

from __future__ import annotations

from typing import Any

from chalicelib.campaigns.queries.campaigns import budget_left, find_campaign_item
from chalicelib.coupons.queries.coupons import find_coupon
from chalicelib.coupons.rules.terms import Terms
from tests.api import Answer, new_key, token
from tests.coupons.giving import a_coupon
from tests.world import World

ZH = {"Accept-Language": "zh-CN"}
POINTS_OFF = Terms(kind="points_off", amount=300)
CASH = {"points": 1000, "cash_equivalent": {"amount": 10000, "currency": "CNY"}, "min_points": 0}


def reduction(sku: str, off: int = 200, **given: Any) -> dict[str, Any]:
    """A draft of a campaign that takes points off goods of at least 1,000 points."""
    return {
        "kind": "full_reduction",
        "title": {"zh-CN": "满千减二百", "en": "200 off 1000"},
        "effect": {"full_reduction": {"unit": "points", "steps": [{"at_least": 1000, "off": off}]}},
        "scope": {"skus": [sku]},
        "budget": {"points": 1_000_000},
        **given,
    }


def gift(sku: str, given: str, quantity: int = 1) -> dict[str, Any]:
    """A draft of a campaign that gives units of a SKU with each unit of another."""
    effect = {"buy_and_give": {"buy": 1, "give_sku": given, "give": quantity}}
    title = {"zh-CN": "买赠", "en": "Buy and get"}
    return {
        "kind": "buy_and_give",
        "title": title,
        "effect": effect,
        "scope": {"skus": [sku]},
        "budget": {"takers": 1000},
    }


class Buyer:
    """A member who buys goods with coupons."""

    def __init__(self, world: World, points: int = 10_000) -> None:
        self.world = world
        self.member_id = world.member(points)
        self.address_id = world.address(self.member_id)

    @property
    def token(self) -> str:
        """A token of today: a test may last for days."""
        return token(self.member_id)

    def coupon(self, terms: Terms = POINTS_OFF, **other: Any) -> str:
        return a_coupon(self.member_id, terms, **other).id

    def body(self, units: dict[str, int], **other: Any) -> dict[str, Any]:
        items = [{"sku": sku, "quantity": quantity} for sku, quantity in units.items()]
        return {"items": items, "address_id": self.address_id, **other}

    def quote(self, units: dict[str, int], *, coupons: bool = False, **other: Any) -> Answer:
        path = "/v1/orders/quote" + ("?coupons=true" if coupons else "")
        return self.world.api.post(path, self.body(units, **other), as_=self.token, headers=ZH)

    def place(self, units: dict[str, int], key: str | None = None, **other: Any) -> Answer:
        body = self.body(units, **other)
        key = key or new_key()
        return self.world.api.post("/v1/orders", body, as_=self.token, key=key, headers=ZH)

    def placed(self, units: dict[str, int], **other: Any) -> Any:
        made = self.place(units, **other)
        assert made.status == 201, made.body
        return made.body

    def shown(self, order: Any) -> Any:
        return self.world.api.get(f"/v1/orders/{order['id']}", as_=self.token, headers=ZH).body

    def cancel(self, order: Any) -> Any:
        path = f"/v1/orders/{order['id']}/cancel"
        return self.world.api.post(path, None, as_=self.token, key=new_key()).body

    def review(self, order: Any, *acts: str) -> Any:
        """What the staff does with an order, act by act."""
        bodies: dict[str, Any] = {
            "ship": {"carrier": "SF", "tracking_number": f"SF{new_key()}"},
            "reject": {"reason": "缺货"},
        }
        for act in acts:
            path = f"/v1/admin/orders/{order['id']}/{act}"
            done = self.world.api.post(path, bodies.get(act), as_=self.world.ops, key=new_key())
            assert done.status == 200, done.body
        return self.shown(order)

    def refund(self, order: Any, units: dict[str, int]) -> Any:
        lines = [{"sku": sku, "quantity": quantity} for sku, quantity in units.items()]
        body = {"lines": lines, "reason": "破损"}
        path = f"/v1/admin/orders/{order['id']}/refunds"
        made = self.world.api.post(path, body, as_=self.world.ops, key=new_key())
        assert made.status == 201, made.body
        return self.shown(order)["refunds"][-1]

    @property
    def available(self) -> int:
        return self.world.available(self.member_id)


def status_of(coupon_id: str) -> str:
    coupon = find_coupon(coupon_id)
    assert coupon is not None
    return coupon.status


def left_of(campaign: Any) -> dict[str, int]:
    """What is left of a campaign's budget."""
    record = find_campaign_item(campaign["id"]).record
    return dict(budget_left(campaign["id"], record.terms))
