"""The seeded mall: goods, code pools, pictures, accounts, made by the API's own calls.

Each call has a fixed idempotency key, so a start that was cut short is simply repeated.
"""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any

from chalice.test import Client

from chalicelib.catalog.queries.offers import find_offers
from chalicelib.kernel import clock, secrets, signatures
from chalicelib.kernel.config import config
from infra.local import accounts
from infra.local.goods import BRANDS, CATEGORIES, ENGLISH, GOODS, VIRTUAL, Goods
from infra.local.keys import PARTNER_ID
from infra.local.pictures import MEDIA_TYPE, picture
from infra.local.rehearsal import rehearse

VERSION = "1"
OPENING_ORDER_CENTS = 500_000
ADDRESS = {
    "recipient": "李雷",
    "phone": "13800138001",
    "province": "上海市",
    "city": "上海市",
    "district": "黄浦区",
    "street": "南京东路 1 号",
    "postal_code": "200001",
}


STORE = {
    "title": {"zh-CN": "南京东路店", "en": "Nanjing Road East"},
    "city": {"zh-CN": "上海", "en": "Shanghai"},
    "address": {"zh-CN": "黄浦区南京东路 1 号", "en": "1 Nanjing Road East, Huangpu"},
    "phone": "021-61234567",
    "hours": [{"days": [1, 2, 3, 4, 5, 6, 7], "opens": "09:00", "closes": "21:00"}],
}
# Hours of the day at which services begin, and for how many days from tomorrow on.
HOURS, DAYS = (10, 14, 16), 60

# What the levels of the first ladder give, over nothing.
BENEFITS: dict[str, dict[str, Any]] = {
    "silver": {"birthday_points": 50},
    "gold": {"birthday_points": 100, "early_access_hours": 2, "ticket_priority": 1},
    "diamond": {
        "multiplier_percent": 150,
        "free_freight": True,
        "birthday_points": 200,
        "early_access_hours": 24,
        "ticket_priority": 2,
    },
}


class SeedError(RuntimeError):
    """A call of the seed was refused."""


class Seeder:
    """Calls the app as API Gateway would, with keys that each start repeats."""

    def __init__(self) -> None:
        from app import app

        self._http = Client(app.complete()).http
        self._ops = accounts.token("ops")["access_token"]

    def post(
        self, path: str, body: Any, key: str, *, as_: str | None = None, **headers: str
    ) -> Any:
        """Raises SeedError."""
        return self._send(self._http.post, path, body, key, as_ or self._ops, **headers)

    def get(self, path: str) -> Any:
        """Raises SeedError."""
        return self._send(self._http.get, path, None, "unused-key", self._ops)

    def put(self, path: str, body: Any, seen_version: int) -> Any:
        """Raises SeedError."""
        seen = {"If-Match": str(seen_version)}
        return self._send(self._http.put, path, body, "unused-key", self._ops, **seen)

    def patch(self, path: str, body: Any, key: str, *, as_: str) -> Any:
        """Raises SeedError."""
        return self._send(self._http.patch, path, body, key, as_)

    def _send(self, send: Any, path: str, body: Any, key: str, token: str, **headers: str) -> Any:
        sent = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": f"seed-{VERSION}-{key}",
            **headers,
        }
        # API Gateway hands bodies over as text.
        text: Any = json.dumps(body) if body is not None else ""
        answer = send(path, headers=sent, body=text)
        if answer.status_code >= 300:
            raise SeedError(f"{path}: {answer.status_code} {answer.body.decode()}")
        return answer.json_body


def main() -> dict[str, int]:
    """Make missing things, the last goods last; returns the number of goods.

    It ends with requests that change nothing, since workers are forked from this process.
    """
    last = GOODS[-1].skus[0][0]
    if not find_offers([last], consistent=True):
        seeder = Seeder()
        _ladder(seeder)
        _people(seeder)
        _goods(seeder)
    rehearse(GOODS[0].skus[0][0])
    return {"goods": len(GOODS)}


def _ladder(seeder: Seeder) -> None:
    """Let the levels give something; a ladder that was written stays."""
    ladder = seeder.get("/v1/admin/tiers")
    seen = ladder.pop("version")
    # It tells how far a ladder is applied, which nobody writes.
    ladder.pop("judging")
    if not seen:
        for level in ladder["levels"]:
            level["benefits"].update(BENEFITS.get(level["key"], {}))
        seeder.put("/v1/admin/tiers", ladder, seen)


def _goods(seeder: Seeder) -> None:
    for position, (name, zh, en) in enumerate(CATEGORIES):
        body = {"id": name, "title": {"zh-CN": zh, "en": en}, "position": position}
        seeder.post("/v1/admin/categories", body, f"category-{name}")
    for position, (name, zh, en) in enumerate(BRANDS):
        body = {"id": name, "title": {"zh-CN": zh, "en": en}, "position": position}
        seeder.post("/v1/admin/brands", body, f"brand-{name}")
    store = seeder.post("/v1/admin/stores", STORE, "store")["id"]
    for goods in GOODS:
        product = _product(goods)
        for path, emoji in zip(product["pictures"], (goods.emoji, *goods.more), strict=True):
            _upload(path, picture(emoji, goods.en))
        made = seeder.post("/v1/admin/products", product, f"product-{goods.skus[0][0]}")
        if goods.booked:
            _slots(seeder, made["id"], store)
        if goods.kind == VIRTUAL:
            for sku, *_ in goods.skus:
                codes = [_code(sku, number) for number in range(goods.stock)]
                seeder.post(f"/v1/admin/code-pools/{sku}/codes", {"codes": codes}, f"codes-{sku}")


def _slots(seeder: Seeder, product_id: str, store_id: str) -> None:
    """Times of a service at the store, each day at the same hours."""
    tomorrow = clock.program_day(clock.now()) + timedelta(days=1)
    weekly = {"days": list(range(1, 8)), "until": f"{tomorrow + timedelta(days=DAYS - 1)}"}
    for hour in HOURS:
        first = datetime.combine(tomorrow, time(hour), config().time_zone)
        body = {
            "product_id": product_id,
            "store_id": store_id,
            "starts_at": clock.rfc3339(first),
            "minutes": 60,
            "capacity": 3,
            "weekly": weekly,
        }
        seeder.post("/v1/admin/slots", body, f"slots-{tomorrow}-{hour}")


def _product(goods: Goods) -> dict[str, Any]:
    name = goods.skus[0][0].lower()
    more = [f"/pictures/{name}-{number}.svg" for number in range(2, len(goods.more) + 2)]
    return {
        "title": {"zh-CN": goods.zh, "en": goods.en},
        "description": {"zh-CN": goods.words[0], "en": goods.words[1]},
        "kind": goods.kind,
        "category": goods.category,
        "brand": goods.brand,
        "pictures": [f"/pictures/{name}.svg", *more],
        "price": _price(goods),
        # The mall's cost: nine tenths of the price, a point at ten fen. Less than any cash
        # part that a price allows would make points cost less than nothing.
        "cost": _yuan(((goods.equivalent or goods.points * 10) + goods.cash) * 9 // 10),
        "limits": {"per_member": goods.per_member},
        "status": "on_sale",
        "skus": [_sku(goods, *sku) for sku in goods.skus],
        "details": {"zh-CN": goods.details[0], "en": goods.details[1]},
        "validity": {"days": goods.days} if goods.days else None,
        "use_rules": {"zh-CN": goods.rules[0], "en": goods.rules[1]},
        "spec_words": _spec_words(goods),
    }


def _spec_words(goods: Goods) -> dict[str, dict[str, str]]:
    """The English of its specs; sizes and the like read the same in both languages."""
    raws = {*goods.axes, *(value for _, *values in goods.skus for value in values)}
    return {raw: {"en": ENGLISH[raw]} for raw in sorted(raws) if raw in ENGLISH}


def _sku(goods: Goods, code: str, *values: str) -> dict[str, Any]:
    sku = {"sku": code, "specs": dict(zip(goods.axes, values, strict=True))}
    if goods.kind == VIRTUAL:
        return sku
    return {**sku, "stock": 0 if code in goods.gone else goods.stock}


def _price(goods: Goods) -> dict[str, Any]:
    price: dict[str, Any] = {"points": goods.points}
    if goods.cash:
        price["cash"] = _yuan(goods.cash)
    if goods.equivalent:
        price |= {"cash_equivalent": _yuan(goods.equivalent), "min_points": goods.least}
    return price


def _yuan(fen: int) -> dict[str, Any]:
    return {"amount": fen, "currency": "CNY"}


def _code(sku: str, number: int) -> str:
    text = sha256(f"{sku}|{number}".encode()).hexdigest().upper()
    return "-".join((text[:4], text[4:8], text[8:12], text[12:16]))


def _upload(path: str, content: bytes) -> None:
    import boto3

    boto3.client("s3").put_object(
        Bucket=config().catalog.required("pictures_bucket"),
        Key=path.removeprefix("/pictures/"),
        Body=content,
        ContentType=MEDIA_TYPE,
    )


def _people(seeder: Seeder) -> None:
    for account in accounts.SEEDED:
        as_ = accounts.token(account.role, account.name)["access_token"]
        seeder.patch("/v1/me", {"nickname": account.name}, "nickname", as_=as_)
        if account.role == "member":
            _opening_points(seeder, account.phone)
            seeder.post("/v1/me/addresses", ADDRESS, "address", as_=as_)


def _opening_points(seeder: Seeder, phone: str) -> None:
    """A demo member's first points, earned as every point is: from a shop's signed order."""
    order_id = f"opening-{sha256(phone.encode()).hexdigest()[:12]}"
    body = {
        "id": f"{order_id}:paid",
        "type": "order.paid",
        "occurred_at": "2026-11-01T04:00:00Z",
        "member": {"phone": phone},
        "data": {"order_id": order_id, "currency": "CNY", "amount": OPENING_ORDER_CENTS},
    }
    raw, at_s = json.dumps(body), int(clock.machine_now().timestamp())
    secret = secrets.partner_secrets(PARTNER_ID)[0]
    signature = signatures.sign(secret, at_s, raw.encode())
    headers = {"Jifen-Key": PARTNER_ID, "Jifen-Signature": f"t={at_s},v1={signature}"}
    seeder.post("/v1/events", body, "unused-key", **headers)
