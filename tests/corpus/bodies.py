"""Bodies of every route that takes one: its example, each optional member left out or null, and
all members there are."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import msgspec

from chalicelib.kernel.web.http import ROUTES, Route
from chalicelib.kernel.web.requests import decode_body

# Members that examples leave out. The name is a path; missing parts of it are made.
MORE: dict[str, list[dict[str, Any]]] = {
    "POST /v1/orders": [
        {
            "items": [{"sku": "WASH", "quantity": 1}, {"sku": "WASH-2", "quantity": 9}],
            "points": 0, "expected": {"points": 0, "cash": {"amount": 1, "currency": "CNY"}},
            "address_id": "adr_1", "payment_method": "alipay",
            "booking": {"at": "2026-12-01T10:00:00.500+08:00", "note": "两个人"},
        },
        {"items": [{"sku": "WASH", "quantity": 1}], "expected": {"points": 7},
         "booking": {"at": "2026-12-01T02:00:00Z"}},
        {"items": [{"sku": "WASH", "quantity": 1}], "points": None, "expected": None,
         "address_id": None, "payment_method": None, "booking": None},
    ],
    "POST /v1/admin/products": [
        {
            "title": {"zh-CN": "券", "en": "Voucher"}, "description": {"zh-CN": "好"},
            "kind": "virtual", "category": "home", "brand": "acme", "scene": ["party"],
            "pictures": ["/pictures/1.png"],
            "price": {"points": 1000, "cash": {"amount": 5, "currency": "CNY"},
                      "tier_points": {"gold": 800, "diamond": 700}},
            "cost": {"amount": 3, "currency": "CNY"}, "limits": {"per_member": 2},
            "tiers": ["gold"], "status": "on_sale", "on_sale_from": "2026-12-01T00:00:00+08:00",
            "on_sale_until": "2027-12-01T00:00:00Z",
            "skus": [{"sku": "V-1"}, {"sku": "V-2", "specs": {"b": "2", "a": "1"}, "stock": 3,
                                      "shards": 2}],
        },
        {"title": {"zh-CN": "杯", "en": "Cup"}, "kind": "physical", "category": "home",
         "price": {"points": 10, "cash_equivalent": {"amount": 5, "currency": "CNY"},
                   "min_points": 4},
         "limits": {}, "skus": [{"sku": "C-1"}]},
    ],
    "POST /v1/me/addresses": [
        {"recipient": "Ada", "phone": "+447700900123", "province": "England", "city": "London",
         "street": "1 High St", "country": "GB", "is_default": True},
    ],
    "POST /v1/admin/orders/{id}/ship": [
        {"carrier": "SF", "tracking_number": "SF1", "lines": [{"sku": "A", "quantity": 1}]},
    ],
    "POST /v1/admin/orders/{id}/refunds": [
        {"reason": "破损", "lines": [{"sku": "A", "quantity": 1}]},
    ],
    "POST /v1/partner/holds/{id}/capture": [{}],
    "POST /v1/orders/{id}/invoice": [
        {"title": "李雷", "tax_number": None, "kind": "personal", "email": "a@example.com"},
    ],
    "POST /v1/admin/members/{id}/points/adjustments": [
        {"points": -5, "reason": "更正", "unit": "rebate_cash"},
        {"points": 5, "reason": "补", "expires_at": "2027-12-01T00:00:00+08:00"},
    ],
    "POST /v1/admin/orders/{id}/refunds/{refund_id}/paid-by-hand": [
        {"bank_reference": "B-1", "amount": 7},
    ],
    "PUT /v1/me/payout-account": [{"kind": "provider", "account": "acct_1234567890"}],
    "POST /v1/me/withdrawals": [{"amount": {"amount": 700, "currency": "CNY"}}, {"amount": 700}],
    "POST /v1/events": [
        {"id": "e1", "type": "order.paid", "occurred_at": "2026-11-21T08:00:00.250+08:00",
         "member": {"member_id": "mbr_1"},
         "data": {"order_id": "o1", "currency": "CNY", "amount": 0, "items": []}},
        {"id": "e2", "type": "order.refunded", "occurred_at": "2026-11-21T08:00:00Z",
         "member": {"email": "a@example.com"},
         "data": {"order_id": "o1", "currency": "CNY", "amount": 7, "items": [
             {"sku": "A", "amount": 7, "quantity": 1}]}},
        {"id": "e3", "type": "custom.order_completed", "occurred_at": "2026-11-21T08:00:00Z",
         "member": {"phone": "+8613800138000"}, "data": {"order_id": "o1"}},
    ],
}  # fmt: skip


def bodied_routes() -> Iterator[tuple[str, Route, Any]]:
    """Each route with digests of bodies, and the type of its bodies."""
    for each in ROUTES:
        if each.body is not None and each.path != "/v1/webhooks/stripe":
            types = each.body if isinstance(each.body, tuple) else (each.body,)
            if any(map(_is_tagged, types)):
                # A batch is digested event by event, an event of a shop's own has no tag.
                types = tuple(filter(_is_tagged, types))
            if each.path == "/v1/me/identities":
                types = types[:1]  # a provider's code is good for minutes, no tag tells its type
            kind: Any = types[0]
            for other in types[1:]:
                kind = kind | other
            yield f"{each.method} {each.path}", each, kind


def _is_tagged(kind: Any) -> bool:
    return getattr(kind, "__struct_config__", None) is not None and bool(kind.__struct_config__.tag)


def bodies_of(name: str, route: Route) -> list[Any]:
    """Bodies of a route in many shapes, each once."""
    found: list[Any] = []
    for body in [(route.example or {}).get("request"), *MORE.get(name, [])]:
        if body is not None:
            found += [body, *_fewer(body)]
    return [body for at, body in enumerate(found) if body not in found[:at]]


def _fewer(body: Any) -> Iterator[Any]:
    """The body with each of its members left out, and null."""
    for path in _paths(body):
        for null in (False, True):
            made = copy.deepcopy(body)
            inside = made
            for step in path[:-1]:
                inside = inside[step]
            if null:
                inside[path[-1]] = None
            else:
                del inside[path[-1]]
            yield made


def _paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*at, name)
            yield from _paths(inner, (*at, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _paths(inner, (*at, number))


def read(body: Any, kind: Any) -> Any:
    """The body as a request's, None if it is refused."""
    from chalicelib.kernel.errors import Invalid

    try:
        return decode_body(msgspec.json.encode(body), kind)
    except Invalid:
        return None
