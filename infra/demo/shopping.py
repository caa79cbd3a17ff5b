"""A flash sale that sells out, a service that is booked and used, an order of which a part comes
back."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.demo.story import ADDRESS, CUP, drain, order_paid, show_entries
from infra.demo.teller import Teller

BOUGHT = ("id", "status", "points")
RETURN = ("id", "status", "due_at")
STORE = {
    "title": {"zh-CN": "西湖店", "en": "West Lake store"},
    "city": {"zh-CN": "杭州", "en": "Hangzhou"},
    "address": {"zh-CN": "文三路 90 号", "en": "90 Wensan Road"},
    "hours": [{"days": [1, 2, 3, 4, 5, 6, 7], "opens": "09:00", "closes": "21:00"}],
}


def tell(teller: Teller) -> None:
    """The whole story, on the day that the mall's clock shows.

    Raises Failed where it goes otherwise than told.
    """
    ops = teller.local("token?role=ops")["access_token"]
    buyers = [_buyer(teller, name) for name in ("zhao-lei", "sun-li", "zhou-jie")]
    drain(teller, "Three members have bought for 2,000 yuan each")
    _a_flash_sale_sells_out(teller, ops, buyers)
    _a_service_is_booked_and_used(teller, ops, buyers[0])
    _a_part_comes_back(teller, ops, buyers[1])


def _buyer(teller: Teller, name: str) -> str:
    """A member with 2,000 points: the access token."""
    account = teller.local(f"token?role=member&name={name}-{secrets.token_hex(3)}")
    partner = teller.local("info")["partner"]
    teller.signed(order_paid(account["phone"], 2000), partner, show=("status",))
    token: str = account["access_token"]
    teller.call("POST", "/v1/me/addresses", ADDRESS, token=token, show=("id",))
    return token


def _product(teller: Teller, ops: str, kind: str, title: tuple[str, str], **sku: Any) -> Any:
    zh, en = title
    draft = {
        "title": {"zh-CN": zh, "en": en},
        "kind": kind,
        "category": "home",
        "price": {"points": 300},
        "status": "on_sale",
        "skus": [{"sku": f"DEMO-{secrets.token_hex(4).upper()}", **sku}],
    }
    return teller.call("POST", "/v1/admin/products", draft, token=ops, show=("id", "skus"))


def _a_flash_sale_sells_out(teller: Teller, ops: str, buyers: list[str]) -> None:
    teller.chapter(
        "A flash sale sells out",
        "Its stock stands in four shards, so that thousands of buyers a second do not queue.",
    )
    lamp = _product(teller, ops, "physical", ("小夜灯", "Night light"), stock=4, shards=4)
    sku = lamp["skus"][0]["sku"]
    for token, quantity in ((buyers[0], 3), (buyers[1], 1)):
        body = {"items": [{"sku": sku, "quantity": quantity}]}
        teller.call("POST", "/v1/orders", body, token=token, show=BOUGHT)
    teller.say("All four are sold, over however many shards. Nobody gets a fifth:")
    body, shown = {"items": [{"sku": sku, "quantity": 1}]}, ("code", "detail")
    for _ in range(2):
        teller.call("POST", "/v1/orders", body, token=buyers[2], show=shown, expect=409)
    teller.call("GET", f"/v1/products/{lamp['id']}", show=("title", "stock"))


def _a_service_is_booked_and_used(teller: Teller, ops: str, token: str) -> None:
    teller.chapter(
        "A service is booked, moved and used",
        "A seat is taken in the order's transaction. A voucher is used up once, at the counter.",
    )
    store = teller.call("POST", "/v1/admin/stores", STORE, token=ops, show=("id", "title"))
    wash = _product(teller, ops, "service", ("洗车", "Car wash"), stock=10)
    first, second = (_slot(teller, ops, wash, store, days) for days in (1, 2))
    sku = wash["skus"][0]["sku"]
    body = {"items": [{"sku": sku, "quantity": 1}], "booking": {"slot_id": first["id"]}}
    shown = ("id", "status", "booking")
    order = teller.call("POST", "/v1/orders", body, token=token, show=shown)
    teller.say("She moves it to the day after; her first seat is free again:")
    teller.call(
        "POST",
        f"/v1/orders/{order['id']}/reschedule",
        {"slot_id": second["id"]},
        token=token,
        show=shown,
    )
    [voucher] = teller.call("GET", f"/v1/orders/{order['id']}/vouchers", token=token, counted=True)
    teller.say(f"Her voucher: {voucher['code']}, {voucher['status']}")
    used, at_store = f"/v1/admin/vouchers/{voucher['code']}/use", {"store_id": store["id"]}
    teller.call("POST", used, at_store, token=ops, show=("status", "sku"))
    teller.call("POST", used, at_store, token=ops, show=("code", "detail"), expect=409)
    teller.call("GET", f"/v1/orders/{order['id']}", token=token, show=("status", "status_text"))


def _slot(teller: Teller, ops: str, product: Any, store: Any, days: int) -> Any:
    """A slot of two seats, so many days from now by the mall's clock."""
    now = datetime.fromisoformat(teller.local("info")["now"]).astimezone(UTC)
    starts_at = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    body = {
        "product_id": product["id"],
        "store_id": store["id"],
        "starts_at": f"{starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "minutes": 30,
        "capacity": 2,
    }
    made = teller.call("POST", "/v1/admin/slots", body, token=ops, counted=True)
    return made["data"][0]


def _a_part_comes_back(teller: Teller, ops: str, token: str) -> None:
    teller.chapter(
        "One of two cups comes back",
        "Points return with the last day that they had, stock only when the parcel is here.",
    )
    body = {"items": [{"sku": CUP, "quantity": 2}]}
    order = teller.call("POST", "/v1/orders", body, token=token, show=BOUGHT)
    for act in ("take", "approve"):
        teller.call("POST", f"/v1/admin/orders/{order['id']}/{act}", token=ops, show=("status",))
    parcel = {"carrier": "SF", "tracking_number": f"SF{secrets.randbelow(10**10):010d}"}
    teller.call("POST", f"/v1/admin/orders/{order['id']}/ship", parcel, token=ops, show=("status",))
    teller.call("POST", f"/v1/admin/orders/{order['id']}/deliver", token=ops, show=("status",))
    wish = {"lines": [{"sku": CUP, "quantity": 1}], "reason": "杯盖漏水", "kind": "return"}
    made = teller.call("POST", f"/v1/orders/{order['id']}/returns", wish, token=token, show=RETURN)
    where = {"instructions": "上海市黄浦区南京东路 1 号，售后部收"}
    teller.call("POST", f"/v1/admin/returns/{made['id']}/approve", where, token=ops, show=RETURN)
    teller.call("POST", f"/v1/returns/{made['id']}/sent", parcel, token=token, show=RETURN)
    teller.call("POST", f"/v1/admin/returns/{made['id']}/receive", {}, token=ops, show=RETURN)
    shown = ("status", "lines", "refunds")
    teller.call("GET", f"/v1/orders/{order['id']}", token=token, show=shown)
    drain(teller, "She is told of each step")
    show_entries(teller, token)
    teller.say("The stock of the cups, the latest first: why, before and after")
    path = f"/v1/admin/skus/{CUP}/movements?limit=3"
    for each in teller.call("GET", path, token=ops, counted=True)["data"]:
        teller.say(f"  {each['why']} {each['reference']}: {each['before']} → {each['after']}")
