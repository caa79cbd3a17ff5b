"""A small mall for tests: members with points, goods with stock, staff."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import msgspec

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.kernel.signatures import sign
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.ledger import Cause, Credit
from chalicelib.members.actions.registrations import enrol
from chalicelib.members.queries import destination_of
from tests.api import Answer, Api, new_key, token

ADDRESS = {
    "recipient": "李雷",
    "phone": "13800138000",
    "province": "上海市",
    "city": "上海市",
    "district": "黄浦区",
    "street": "南京东路 1 号",
    "postal_code": "200001",
}


def new_phone() -> str:
    """A Chinese mobile number that nobody else in the tests has."""
    return f"+86138{int.from_bytes(ids.digest(new_key().encode())[:4], 'big') % 10**8:08d}"


class World:
    """Makes a test's members, goods and orders with the real routes and use cases."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.ops = token(ids.new_id("mbr"), "ops")
        self._category: str | None = None

    def member(self, points: int = 0) -> str:
        """The id of somebody registered by phone, with points that lapse in a year."""
        member_id = enrol(destination_of(phone=new_phone()), roles=(), now=clock.now())
        if points:
            self.give(member_id, points)
        return member_id

    def give(self, member_id: str, points: int, days: int = 365) -> None:
        lapse = int((clock.now() + timedelta(days=days)).timestamp())
        account_id = ledger.points_account(member_id)

        def write() -> None:
            writes = WriteSet()
            credit = Credit(points, lapse, Cause(f"test:{new_key()}", "test", 0))
            ledger.accrue(writes, ledger.find_account(account_id), [credit], clock.now())
            writes.commit()

        with_fresh_reads(write)

    def available(self, member_id: str) -> int:
        account = ledger.find_account(ledger.points_account(member_id))
        return account.available(clock.to_ms(clock.now()))

    def address(self, member_id: str) -> str:
        made = self.api.post("/v1/me/addresses", ADDRESS, as_=token(member_id), key=new_key())
        assert made.status == 201, made.body
        address_id: str = made.body["id"]
        return address_id

    @property
    def category(self) -> str:
        if self._category is None:
            self._category = f"c{new_key()}"
            body = {"id": self._category, "title": {"zh-CN": "家居", "en": "Home"}, "position": 1}
            made = self.api.post("/v1/admin/categories", body, as_=self.ops, key=new_key())
            assert made.status == 201, made.body
        return self._category

    def product(
        self, *, points: int = 100, stock: int = 10, kind: str = "physical", **other: Any
    ) -> dict[str, Any]:
        """A product on sale with one SKU: the answer of its creation."""
        sku: dict[str, Any] = {"sku": f"S-{new_key()}", "specs": {"colour": "red"}}
        if kind != "virtual":
            sku["stock"] = stock
        body = {
            "title": {"zh-CN": "保温杯", "en": "Thermos cup"},
            "kind": kind,
            "category": self.category,
            "price": {"points": points},
            "status": "on_sale",
            "skus": [sku],
            **other,
        }
        made = self.api.post("/v1/admin/products", body, as_=self.ops, key=new_key())
        assert made.status == 201, made.body
        product: dict[str, Any] = made.body
        if kind == "virtual" and stock:
            self.codes(sku["sku"], [new_key() for _ in range(stock)])
        return product

    def sku(self, **wanted: Any) -> str:
        sku: str = self.product(**wanted)["skus"][0]["sku"]
        return sku

    def codes(self, sku: str, codes: list[str]) -> None:
        made = self.api.post(
            f"/v1/admin/code-pools/{sku}/codes", {"codes": codes}, as_=self.ops, key=new_key()
        )
        assert made.status == 201, made.body

    def stock(self, sku: str) -> int:
        from chalicelib.catalog.queries.offers import find_offers

        return find_offers([sku], consistent=True)[sku].available

    def order(self, member_id: str, sku: str, quantity: int = 1, **other: Any) -> Answer:
        body = {"items": [{"sku": sku, "quantity": quantity}], **other}
        return self.api.post("/v1/orders", body, as_=token(member_id), key=new_key())

    def event(self, body: Any, **signing: Any) -> Answer:
        """A partner's event or batch, signed as they would."""
        return self.partner("POST", "/v1/events", body, **signing)

    def partner(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        partner: str = "shop-1",
        secret: str | None = None,
        at_s: int | None = None,
    ) -> Answer:
        """A signed request of a partner."""
        raw = b"" if body is None else msgspec.json.encode(body)
        at_s = int(time.time()) if at_s is None else at_s
        signature = sign(secret or f"secret-of-{partner}", at_s, raw)
        headers = {"Jifen-Key": partner, "Jifen-Signature": f"t={at_s},v1={signature}"}
        return self.api.request(method, path, raw, headers=headers)


def paid(phone: str, *, amount: int = 19900, order_id: str | None = None, **other: Any) -> Any:
    """An `order.paid` as a shop sends it."""
    order_id = order_id or f"order-{new_key()}"
    return {
        "id": f"{order_id}:paid",
        "type": "order.paid",
        "occurred_at": clock.rfc3339(clock.now()),
        "member": {"phone": phone},
        "data": {"order_id": order_id, "currency": "CNY", "amount": amount},
        **other,
    }


def refunded(payment: Any, amount: int | None = None, **data: Any) -> Any:
    """An `order.refunded` of a payment as a shop sends it; all of it if silent."""
    of = payment["data"]
    if amount is not None or "items" not in data:
        data["amount"] = of["amount"] if amount is None else amount
    return {
        "id": f"{of['order_id']}:refunded:{new_key()}",
        "type": "order.refunded",
        "occurred_at": clock.rfc3339(clock.now()),
        "member": payment["member"],
        "data": {"order_id": of["order_id"], "currency": of["currency"], **data},
    }
