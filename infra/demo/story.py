"""A gift for points: from a shop's order to a parcel at the door."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from infra.demo.teller import Teller

ADDRESS = {
    "recipient": "韩梅",
    "phone": "13800138000",
    "province": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "street": "文三路 90 号",
    "postal_code": "310012",
}
CUP, CARD = "CUP-BLUE", "BOOKS-WEEK"


def tell(teller: Teller) -> None:
    """A gift for points.

    Raises Failed where it goes otherwise than told.
    """
    phone = f"+86137{secrets.randbelow(10**8):08d}"
    partner = teller.local("info")["partner"]
    _a_shop_sells(teller, phone, partner)
    token = _she_registers(teller, phone)
    _she_looks_around(teller, token)
    _she_earns_more(teller, phone, partner, token)
    order = _she_redeems(teller, token)
    _ops_review_and_ship(teller, order)
    _she_takes_a_code(teller, token)
    _she_hears_of_it(teller, phone, token)
    _the_ledger_tells(teller, token)


def order_paid(phone: str, yuan: int, at: datetime | None = None) -> dict[str, Any]:
    order_id = f"order-{secrets.token_hex(4)}"
    return {
        "id": f"{order_id}:paid",
        "type": "order.paid",
        "occurred_at": f"{(at or datetime.now(UTC)).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "member": {"phone": phone},
        "data": {"order_id": order_id, "currency": "CNY", "amount": yuan * 100},
    }


def _a_shop_sells(teller: Teller, phone: str, partner: dict[str, str]) -> None:
    teller.chapter(
        "A shop sells to somebody whom the mall does not know",
        "The shop signs each event with its secret. The event is kept until the buyer registers.",
    )
    event = order_paid(phone, 599)
    teller.signed(event, partner, show=("status", "entries", "explain"))
    teller.say("The shop's retry is recognised by its id, and earns nothing twice:")
    teller.signed(event, partner, show=("status", "entries"))


def log_in(teller: Teller, phone: str) -> str:
    """Register by a code sent to the phone, agree to what the mall asks for; the access token."""
    body = {"channel": "sms", "destination": phone}
    challenge = teller.call("POST", "/v1/auth/otp", body)
    sms = teller.local(f"outbox?to={phone.removeprefix('+')}")["data"][0]
    teller.say(f"SMS to {phone}: {sms['body']}")
    login = {"grant": "otp", "challenge_id": challenge["challenge_id"], "code": sms["code"]}
    policies = teller.call("GET", "/v1/policies", show=("terms", "privacy"))
    versions = {kind: policies[kind] and policies[kind]["version"] for kind in ("terms", "privacy")}
    if any(versions.values()):
        login["consent"] = {kind: version or "none" for kind, version in versions.items()}
    session = teller.call(
        "POST", "/v1/auth/sessions", login, show=("created", "expires_in", "member")
    )
    token: str = session["access_token"]
    return token


def _she_registers(teller: Teller, phone: str) -> str:
    teller.chapter(
        "She registers with a code sent to her phone",
        "The number is encrypted at rest and found by a keyed hash; the first login registers.",
    )
    token = log_in(teller, phone)
    drain(teller, "The members' stream tells of her; the shop's order is hers now")
    teller.call("GET", "/v1/me/points", token=token)
    return token


def _she_looks_around(teller: Teller, token: str) -> None:
    teller.chapter(
        "She looks around",
        "Lists are single queries by exact keys; stock is read live, one batch for the page.",
    )
    found = teller.call("GET", "/v1/products?sort=points&max_points=1000&limit=3", token=token)
    for product in found["data"]:
        price, stock = product["price"]["points"], product["stock"]["available"]
        teller.say(f"{product['title']}: {price} points, {stock} left")
    body = {"items": [{"sku": CUP, "quantity": 1}]}
    teller.say("A quote writes nothing; it says what is missing and how to earn it:")
    teller.call("POST", "/v1/orders/quote", body, token=token, show=("points", "shortfall"))


def _she_earns_more(teller: Teller, phone: str, partner: dict[str, str], token: str) -> None:
    teller.chapter(
        "She buys again, and earns again",
        "One point a yuan, floored once an order; the record, the entry and the balance.",
    )
    teller.signed(order_paid(phone, 1288), partner, show=("status", "entries"))
    teller.call("GET", "/v1/me/points", token=token, show=("available", "expiring"))


def _she_redeems(teller: Teller, token: str) -> str:
    teller.chapter(
        "She redeems a thermos cup",
        "Order, points and stock are one conditional transaction: all of it happens or nothing.",
    )
    address = teller.call("POST", "/v1/me/addresses", ADDRESS, token=token, show=("id",))
    body = {
        "items": [{"sku": CUP, "quantity": 1}],
        "expected": {"points": 800},
        "address_id": address["id"],
    }
    key, shown = secrets.token_hex(8), ("id", "status", "status_text", "points")
    order = teller.call("POST", "/v1/orders", body, token=token, key=key, show=shown)
    teller.say("She taps twice. The same key gives the same order; AWS bills the refused write:")
    teller.call("POST", "/v1/orders", body, token=token, key=key, show=shown)
    teller.say("The same key with another body is refused, and nothing changes:")
    other = {**body, "items": [{"sku": CUP, "quantity": 2}]}
    teller.call(
        "POST", "/v1/orders", other, token=token, key=key, show=("code", "title"), expect=409
    )
    order_id: str = order["id"]
    return order_id


def _ops_review_and_ship(teller: Teller, order_id: str) -> None:
    teller.chapter(
        "Ops review and ship it",
        "Each act is allowed in one state only; the order keeps who did what, and when.",
    )
    ops = teller.local("token?role=ops")["access_token"]
    shown = ("status", "status_text", "version")
    for act in ("take", "approve"):
        teller.call("POST", f"/v1/admin/orders/{order_id}/{act}", token=ops, show=shown)
    parcel = {"carrier": "SF", "tracking_number": "SF1029384756"}
    teller.call("POST", f"/v1/admin/orders/{order_id}/ship", parcel, token=ops, show=shown)
    teller.call("POST", f"/v1/admin/orders/{order_id}/deliver", token=ops, show=shown)


def _she_takes_a_code(teller: Teller, token: str) -> None:
    teller.chapter(
        "She takes an e-book pass, too",
        "Virtual goods complete at once; a consumer of the orders' facts hands out each code once.",
    )
    body = {"items": [{"sku": CARD, "quantity": 1}]}
    order = teller.call("POST", "/v1/orders", body, token=token, show=("id", "status"))
    drain(teller, "The code follows")
    found = teller.call("GET", f"/v1/orders/{order['id']}", token=token, show=("status", "lines"))
    teller.say(f"Her code: {found['lines'][0]['codes'][0]}")


def _she_hears_of_it(teller: Teller, phone: str, token: str) -> None:
    teller.chapter(
        "She hears of it",
        "Streams → relay → topic → queue → inbox and SMS, once each however often delivered.",
    )
    for notice in teller.local(f"outbox?to={phone.removeprefix('+')}")["data"][::-1]:
        teller.say(f"SMS: {notice['body']}")
    inbox = teller.call("GET", "/v1/me/notifications?limit=10", token=token, counted=True)
    for notice in inbox["data"][::-1]:
        teller.say(f"Inbox: {notice['title']}: {notice['body']}")


def _the_ledger_tells(teller: Teller, token: str) -> None:
    teller.chapter(
        "The ledger tells the same story",
        "Immutable entries, each chained to the one before by its hash; postings sum to zero.",
    )
    show_entries(teller, token)
    teller.say("The balance is the sum of the entries.")


def show_entries(teller: Teller, token: str) -> list[Any]:
    """Print a member's history, oldest first, and hold it against the balance; newest first."""
    entries: list[Any] = teller.call(
        "GET", "/v1/me/points/entries?limit=100", token=token, counted=True
    )["data"]
    for entry in entries[::-1]:
        chain = f"{entry['prev_hash'][:8]}… → {entry['hash'][:8]}…"
        legs = ", ".join(
            f"{_account(leg['account'])} {leg['points']:+d}" for leg in entry["postings"]
        )
        teller.say(
            f"#{entry['seq']} {entry['type']:<11} {entry['points']:+6d} → "
            f"{entry['balance_after']:>5}   {chain}   ({legs})"
        )
    balance = teller.call("GET", "/v1/me/points", token=token, show=("available", "lifetime"))
    assert balance["available"] == sum(entry["points"] for entry in entries), "the books balance"
    return entries


def _account(name: str) -> str:
    """The short name of an account: `issued`, `member`, `held`."""
    parts = name.split(":")
    return parts[-1] if parts[0] == "program" or len(parts) > 3 else "member"


def drain(teller: Teller, words: str) -> None:
    drained = teller.local("drain", "POST")["functions"]
    done = ", ".join(f"{name} {records}" for name, records in drained.items())
    teller.say(f"{words} ({f'records: {done}' if done else 'no new records'}).")
