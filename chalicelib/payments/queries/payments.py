"""Reads of payments, refunds and webhooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Literal

from chalicelib.kernel.counts import SomeOf
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.payments.rules.payments import Payment
from chalicelib.payments.rules.refunds import CashRefund, CashState, given_back
from chalicelib.payments.rules.webhooks import PAID, Webhook
from chalicelib.payments.tables.items import PaymentsItem, due_shards
from chalicelib.payments.tables.payments import (
    AT_PROVIDER,
    ENDED_REFUNDS,
    OPEN_REFUNDS,
    PAYMENT,
    REFUND,
    REFUNDS,
    REFUNDS_DUE,
    START,
    PaymentItem,
    RefundItem,
    StartItem,
    payment_key,
    refund_key,
)
from chalicelib.payments.tables.webhooks import WebhookItem, webhook_key

ListedState = Literal["failed", "open", "ended"]
_WITHIN: dict[ListedState, Any] = {
    "failed": RefundItem.list_order < OPEN_REFUNDS,
    "open": RefundItem.list_order.startswith(OPEN_REFUNDS),
    "ended": RefundItem.list_order.startswith(ENDED_REFUNDS),
}


def find_payment(order_id: str, *, consistent: bool = True) -> Payment | None:
    return PaymentItem.find_value(payment_key(order_id), PAYMENT, consistent=consistent)


def find_start(order_id: str, key: bytes) -> bytes | None:
    """The content of a later call that started an order's payment under this key (a digest)."""
    item = StartItem.find(payment_key(order_id), START + key.hex())
    return item.content if item else None


def find_refund(order_id: str, refund_id: str) -> CashRefund | None:
    return RefundItem.find_value(payment_key(order_id), refund_key(refund_id))


def refunds_of(order_id: str) -> list[CashRefund]:
    """All refunds of an order's cash."""
    found = RefundItem.query(
        payment_key(order_id), RefundItem.sk.startswith(REFUND), consistent_read=True
    )
    return [item.value() for item in found]


def all_refunds_of(order_id: str) -> list[CashRefund]:
    """All cash of an order that goes or went back, refunds and disputes at the provider as well,
    the oldest first and as it was a moment ago."""
    found = RefundItem.query(
        payment_key(order_id),
        RefundItem.sk >= AT_PROVIDER,
        # The payment itself stands between the two kinds.
        filter_condition=RefundItem.contra.exists(),
    )
    return sorted((item.value() for item in found), key=lambda made: made.created_at_ms)


def cash_given_back(order_id: str) -> dict[str, int]:
    """The amount that each refund of an order returns or returned, in minor units."""
    return given_back(refunds_of(order_id))


def refund_states(wanted: Iterable[tuple[str, str]]) -> dict[str, CashState]:
    """The cash state of refunds, by order and refund id, as a map by refund id.

    A refund that was sent again has the state of its successor. A refund without cash returned
    points alone, or money that nobody had paid.
    """
    states: dict[str, CashState] = {}
    asked = {(order_id, refund_id): refund_id for order_id, refund_id in wanted}
    while asked:
        keys = [(payment_key(order_id), REFUND + refund_id) for order_id, refund_id in asked]
        found = [item.value() for item in RefundItem.batch_get(keys, consistent_read=True)]
        first = {refund.id: asked[refund.order_id, refund.id] for refund in found}
        states |= {first[refund.id]: refund.told for refund in found}
        asked = {
            (refund.order_id, refund.retried_as): first[refund.id]
            for refund in found
            if refund.retried_as
        }
    return states


def refunds_due(at_s: int) -> Iterator[tuple[str, str]]:
    """The order and refund ids of refunds that are due by then (epoch seconds)."""
    for shard in due_shards(REFUNDS_DUE):
        for item in PaymentsItem.due.query(shard, PaymentsItem.due_at <= at_s):
            yield item.pk.removeprefix("PAY#"), item.sk.removeprefix(REFUND)


def listed_refunds(
    state: ListedState | None, asked: PageQuery, view: Callable[[CashRefund], Any]
) -> Page[Any]:
    """Refunds of cash: failed first, then open with the oldest first, then ended, newest first.

    Raises InvalidCursor.
    """
    query = partial(RefundItem.listed.query, REFUNDS, _WITHIN[state] if state else None)
    return page(f"{REFUNDS}|{state}", asked, query, lambda item: view(_refund(item).value()))


def count_failed_refunds() -> SomeOf:
    """How many refunds have failed and wait for finance, up to a hundred."""
    index_name = RefundItem.listed.Meta.index_name
    return PaymentsItem.count_some(REFUNDS, _WITHIN["failed"], index_name=index_name)


def webhooks_about(about: str, asked: PageQuery, view: Callable[[Webhook], Any]) -> Page[Any]:
    """The webhooks about one of the provider's objects.

    Raises InvalidCursor.
    """

    query = partial(WebhookItem.query, webhook_key(about))
    return page(f"webhooks|{about}", asked, query, lambda item: view(item.value()))


def is_told_paid(order_id: str) -> bool:
    """Whether a signed webhook says that an order's payment has succeeded."""
    payment = find_payment(order_id)
    if payment is None:
        return False
    told = WebhookItem.query(
        webhook_key(payment.intent_id), filter_condition=WebhookItem.type == PAID, limit=1
    )
    return next(iter(told), None) is not None


def find_webhook(about: str, fact: str) -> Webhook | None:
    return WebhookItem.find_value(webhook_key(about), fact)


def _refund(item: Any) -> RefundItem:
    assert isinstance(item, RefundItem), "the list holds refunds alone"
    return item
