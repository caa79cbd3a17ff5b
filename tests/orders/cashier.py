"""Orders with cash, and a provider in memory that pays them."""

from __future__ import annotations

import time
from base64 import b64encode
from typing import Any

import msgspec

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.kernel.signatures import sign
from chalicelib.kernel.store.streams import Change
from chalicelib.kernel.store.tables import connection
from chalicelib.orders.actions import sweeping
from chalicelib.payments import Intent
from chalicelib.payments import events as payments_events
from chalicelib.payments.rules.gateway import Movement
from chalicelib.payments.rules.journal import ACCOUNTS, PROVIDER
from chalicelib.payments.tables.items import PaymentsItem
from tests.api import Answer, new_key, token
from tests.cash import recent_entries
from tests.facts import consume
from tests.payments.fake_gateway import FakeGateway
from tests.world import World

PRICE = {
    "points": 1000,
    "cash": {"amount": 1980, "currency": "CNY"},
    "cash_equivalent": {"amount": 9900, "currency": "CNY"},
    "min_points": 200,
}


class Cashier:
    """A member with points, a product for points and cash, and acts on its orders."""

    def __init__(self, world: World, provider: FakeGateway) -> None:
        self.world, self.api, self.provider = world, world.api, provider
        self.finance = token(ids.new_id("mbr"), "finance")
        self.member = world.member(points=5000)
        self._told = 0

    @property
    def me(self) -> str:
        return token(self.member)

    def intents(self, order_id: str) -> list[Intent]:
        """The payments of an order at the provider."""
        payment_id = "pay_" + order_id.removeprefix("ord_")
        return [each for each in self.provider.intents.values() if each.payment_id == payment_id]

    def place(self, sku: str, quantity: int = 1, **other: Any) -> Any:
        """Place an order; physical goods go to the member's address."""
        made = self.world.order(self.member, sku, quantity, **other)
        assert made.status == 201, made.body
        return made.body

    def sku(self, *, stock: int = 10, kind: str = "service", **price: Any) -> str:
        return self.world.sku(kind=kind, stock=stock, price={**PRICE, **price})

    def service(self, quantity: int = 1, **other: Any) -> Any:
        """An order of a service; it is approved once it is paid."""
        booked = {"at": clock.rfc3339(clock.now().replace(year=2088))}
        return self.place(self.sku(), quantity, booking=booked, **other)

    def start(self, order_id: str, body: Any = None, *, key: str | None = None) -> Answer:
        path = f"/v1/orders/{order_id}/payment"
        return self.api.post(path, body, as_=self.me, key=key or new_key())

    def intent(self, order_id: str) -> str:
        """The order's payment at the provider, started if it was not."""
        started = self.start(order_id)
        assert started.status == 201, started.body
        (intent,) = self.intents(order_id)
        return intent.id

    def pay(self, order_id: str) -> str:
        """The member pays, and the provider tells; the payment at the provider."""
        intent_id = self.intent(order_id)
        self.provider.pay(intent_id)
        self.tell(order_id, intent_id)
        return intent_id

    def tell(self, order_id: str, intent_id: str, kind: str = "payment_intent.succeeded") -> None:
        """The provider sends an event, which is recorded, relayed and acted on."""
        self._told += 1
        payment_id = "pay_" + order_id.removeprefix("ord_")
        about = {"id": intent_id, "metadata": {"payment_id": payment_id}, "told": self._told}
        answer = self.webhook(
            {"id": f"evt_{self._told}", "type": kind, "created": 1, "data": {"object": about}}
        )
        assert (answer.status, answer.body["duplicate"]) == (200, False)
        self.act_on(f"WHK#{intent_id}")

    def webhook(self, event: Any, *, secret: str = "whsec_new", at_s: int | None = None) -> Answer:
        raw = event if isinstance(event, bytes) else msgspec.json.encode(event)
        at_s = int(time.time()) if at_s is None else at_s
        headers = {"Stripe-Signature": f"t={at_s},v1={sign(secret, at_s, raw)}"}
        return self.api.request("POST", "/v1/webhooks/stripe", raw, headers=headers)

    def act_on(self, pk: str) -> None:
        """Relay and consume the newest items under a key."""
        for item in stream_images(pk):
            for fact in payments_events.facts_of(Change("1", None, item)):
                consume(fact)

    def sweep(self) -> dict[str, int]:
        return sweeping.sweep_payments(clock.now())

    def show(self, order_id: str) -> Any:
        return self.api.get(f"/v1/orders/{order_id}", as_=self.me).body

    def refund(self, order_id: str, body: Any, *, key: str | None = None) -> Answer:
        path = f"/v1/admin/orders/{order_id}/refunds"
        return self.api.post(path, body, as_=self.world.ops, key=key or new_key())

    def books(self, *order_ids: str) -> dict[str, int]:
        """Each cash account's balance out of the journal entries of these orders."""
        sums = dict.fromkeys(ACCOUNTS, 0)
        for entry in recent_entries():
            if entry.source.removeprefix("order:") in order_ids:
                for leg in entry.postings:
                    sums[leg.account] += leg.amount
        return {account: amount for account, amount in sums.items() if amount}

    def balance(self) -> tuple[int, int]:
        """Available and held points."""
        account = ledger.find_account(ledger.points_account(self.member))
        return account.available(clock.to_ms(clock.now())), account.held

    def check_books(self, order_id: str) -> None:
        """Assert that our journal of an order equals the provider's."""
        (intent,) = self.intents(order_id)
        assert self.books(order_id).get(PROVIDER, 0) == sum(line.net for line in lines_of(intent))


def lines_of(intent: Intent) -> list[Movement]:
    """The provider's bookings of a payment."""
    if intent.charge is None:
        return []
    found = [intent.charge.movement]
    for refund in intent.charge.refunds:
        found += [line for line in (refund.movement, refund.failure) if line]
    for dispute in intent.charge.disputes:
        found += dispute.movements
    return found


def stream_images(pk: str) -> list[Any]:
    """The items under a key as a stream shows them: bytes are base64 text."""
    found = connection().query(PaymentsItem.Meta.table_name, pk)["Items"]
    return [{name: _as_text(value) for name, value in item.items()} for item in found]


def _as_text(value: Any) -> Any:
    return {"B": b64encode(value["B"]).decode()} if "B" in value else value
