"""From login to an order with the client of openapi-python-client."""

import hashlib
import hmac
import json
import os
import time
from datetime import UTC, datetime
from typing import TypeVar

import httpx
from jifen_client import AuthenticatedClient, Client
from jifen_client.api.catalog import list_products, show_product
from jifen_client.api.events import receive_events
from jifen_client.api.orders import place_order, quote_order, show_order
from jifen_client.api.sign_in import send_code, sign_in
from jifen_client.models import (
    CodeRequest,
    ConsentGiven,
    EventAnswer,
    ItemIn,
    LoginRequest,
    MemberRef,
    OrderIn,
    OrderPaid,
    OrderPaidEvent,
    Problem,
)

T = TypeVar("T")
MALL, PARTNER, SECRET, PHONE = (os.environ[name] for name in ("MALL", "PARTNER", "SECRET", "PHONE"))


class Refused(Exception):
    pass


def done(answer: T | Problem | None) -> T:
    if answer is None:
        raise Refused("with an answer that the document does not know")
    if isinstance(answer, Problem):
        raise Refused(f"{answer.code}: {answer.detail}")
    return answer


def sent_code() -> str:
    """The login code that the local stack has sent."""
    outbox = httpx.get(f"{MALL}/_local/outbox", params={"to": PHONE}).json()
    return str(outbox["data"][0]["code"])


def login(client: Client) -> str:
    sent = done(send_code.sync(client=client, body=CodeRequest(channel="sms", destination=PHONE)))
    consent = ConsentGiven(terms="1", privacy="1")
    given = LoginRequest("otp", sent.challenge_id, sent_code(), consent=consent)
    return done(sign_in.sync(client=client, body=given)).access_token


def sign(request: httpx.Request) -> None:
    """Sign as in docs/signing.md."""
    t = str(int(time.time()))
    v1 = hmac.new(SECRET.encode(), t.encode() + b"." + request.read(), hashlib.sha256).hexdigest()
    request.headers["Jifen-Signature"] = f"t={t},v1={v1}"


def earn() -> int:
    partner = AuthenticatedClient(
        base_url=MALL,
        token=PARTNER,
        prefix="",
        auth_header_name="Jifen-Key",
        httpx_args={"event_hooks": {"request": [sign]}},
    )
    order = f"order-{PHONE[1:]}"
    event = OrderPaidEvent(
        type_="order.paid",
        data=OrderPaid(order_id=order, currency="CNY", amount=100_000),
        id=f"{order}:paid",
        occurred_at=datetime.now(UTC),
        member=MemberRef(phone=PHONE),
    )
    told = done(receive_events.sync(client=partner, body=event))
    assert isinstance(told, EventAnswer)
    return sum(each.points for each in told.explain)


def main() -> None:
    token = login(Client(base_url=MALL))
    client = AuthenticatedClient(base_url=MALL, token=token)
    earned = earn()
    listed = done(list_products.sync(client=client, kind="virtual", limit=100, max_points=1000))
    product = done(show_product.sync(listed.data[0].id, client=client))
    order = OrderIn(items=[ItemIn(sku=product.skus[0].sku, quantity=1)])
    quoted = done(quote_order.sync(client=client, body=order))
    key = f"first-order-{PHONE}"
    placed = done(place_order.sync(client=client, body=order, idempotency_key=key))
    shown = done(show_order.sync(placed.id, client=client))
    print(
        json.dumps(
            {
                "earned": earned,
                "quoted": quoted.points,
                "id": shown.id,
                "status": shown.status,
                "points": shown.points,
            }
        )
    )


if __name__ == "__main__":
    main()
