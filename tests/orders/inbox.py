"""The relayed facts of an order's money, and its member's inbox."""

from __future__ import annotations

from typing import Any

from chalicelib.campaigns import PurchaseChanged
from chalicelib.earning import OrderMoney
from chalicelib.kernel import clock
from chalicelib.kernel.store.streams import Change
from chalicelib.notify.actions import deliver
from chalicelib.orders.events import facts_of
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules import Order
from chalicelib.payments import events as payments_events
from chalicelib.payments.queries.payments import refunds_of
from chalicelib.payments.tables.payments import RefundItem
from chalicelib.tiers import ActivityRecorded
from tests.orders.cashier import Cashier
from tests.orders.streamed import image


class Inbox:
    """The relayed facts of an order, and its member's inbox."""

    def __init__(self, cashier: Cashier, order_id: str) -> None:
        self.cashier, self.order_id = cashier, order_id
        self._seen: Order | None = None
        self._refunds: dict[str, Any] = {}
        self.relay()

    def relay(self) -> list[str]:
        """Relay the new facts to the member; their types."""
        order = get_order(self.order_id)
        before = image(self._seen) if self._seen else None
        facts = facts_of(Change("1", before, image(order)))
        self._seen = order
        for refund in refunds_of(self.order_id):
            item = RefundItem.of(refund, 0).to_dynamodb_dict()
            facts += payments_events.facts_of(Change("1", self._refunds.get(refund.id), item))
            self._refunds[refund.id] = item
        for fact in facts:
            deliver(fact, clock.machine_now())
            deliver(fact, clock.machine_now())
        # Tiers, referrals and campaigns hear of the cash of each order.
        heard = (ActivityRecorded, OrderMoney, PurchaseChanged)
        return [fact.type for fact in facts if not isinstance(fact.data, heard)]

    def notices(self, language: str = "zh-CN") -> list[Any]:
        path = "/v1/me/notifications?limit=100"
        headers = {"Accept-Language": language}
        found = self.cashier.api.request("GET", path, None, as_=self.cashier.me, headers=headers)
        told = [each for each in found.body["data"] if each["data"].get("cash")]
        return [each for each in told if each["data"]["order_id"] == self.order_id]
