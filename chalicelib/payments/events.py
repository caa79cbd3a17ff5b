"""The relay of the payments table's stream."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, DynamoDBEvent

from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339, rfc3339_ms
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.streams import Change, relay, source_arn
from chalicelib.kernel.store.tables import from_stream
from chalicelib.payments.facts import OF_STATUS, PaymentNews, PayoutNews, RefundDue
from chalicelib.payments.rules.refunds import DUE, TO_PAY_BY_HAND, CashRefund
from chalicelib.payments.rules.webhooks import Webhook, names_withdrawal
from chalicelib.payments.tables.payments import REFUND, RefundItem
from chalicelib.payments.tables.webhooks import WEBHOOK, WebhookItem

events = Blueprint(__name__)


@events.on_dynamodb_record(stream_arn=source_arn("payments"), name="payments_relay")
def payments_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event, facts_of)


def facts_of(change: Change) -> list[Fact[Any]]:
    """The facts of a change: webhooks to act on, refunds to send, refund states for the payer."""
    key, sort_key = change.keys
    if change.after is None:
        return []
    if key.startswith(WEBHOOK):
        return _told(from_stream(WebhookItem, change.after).value())
    if sort_key.startswith(REFUND):
        before = change.before["status"]["S"] if change.before else None
        return _of_refund(from_stream(RefundItem, change.after).value(), before)
    return []


def _told(webhook: Webhook) -> list[Fact[Any]]:
    if not webhook.is_acted_on:
        return []
    kind = PayoutNews if names_withdrawal(webhook.ours) else PaymentNews
    data = shaped(kind, webhook)
    name = f"{data.TYPE}:{webhook.about}:{webhook.fact}:{webhook.replays}"
    return [Fact.of(name, rfc3339_ms(webhook.recorded_at_ms), data)]


def _of_refund(refund: CashRefund, before: str | None) -> list[Fact[Any]]:
    """`refund.due` for the consumer that sends it, other states for the payer."""
    if before is None and refund.status == DUE:
        due = RefundDue(order_id=refund.order_id, refund_id=refund.id)
        return [Fact.of(f"{due.TYPE}:{refund.id}", rfc3339_ms(refund.created_at_ms), due)]
    is_told = refund.status in OF_STATUS and refund.failure != TO_PAY_BY_HAND
    if refund.status == before or not is_told or refund.member_id is None:
        return []
    by_ms = refund.expected_by_ms
    data = shaped(
        OF_STATUS[refund.status],
        refund,
        refund_id=refund.id,
        amount=refund.amount.amount,
        currency=refund.amount.currency,
        expected_by=None if by_ms is None else rfc3339_ms(by_ms),
    )
    return [Fact.of(f"{data.TYPE}:{refund.id}", rfc3339(clock.now()), data)]
