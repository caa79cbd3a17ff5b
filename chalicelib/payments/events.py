"""The relay of the payments table's stream."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, DynamoDBEvent

from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339, rfc3339_ms
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.streams import Change, relay, source_arn
from chalicelib.kernel.store.tables import from_stream
from chalicelib.payments.rules.payments import (
    BY_HAND,
    DUE,
    FAILED,
    SUCCEEDED,
    TO_PAY_BY_HAND,
    CashRefund,
)
from chalicelib.payments.rules.webhooks import Webhook, names_withdrawal
from chalicelib.payments.tables.payments import REFUND, RefundItem
from chalicelib.payments.tables.webhooks import WEBHOOK, WebhookItem

events = Blueprint(__name__)


@events.on_dynamodb_record(stream_arn=source_arn("payments"), name="payments_relay")
def payments_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event, facts_of)


def facts_of(change: Change) -> list[Fact]:
    """A fact for what the provider told and may matter, for a refund that is owed and each state in
    which its payer hears of it.
    """
    key, sort_key = change.keys
    if change.after is None:
        return []
    if key.startswith(WEBHOOK):
        return _told(from_stream(WebhookItem, change.after).value())
    if sort_key.startswith(REFUND):
        before = change.before["status"]["S"] if change.before else None
        return _of_refund(from_stream(RefundItem, change.after).value(), before)
    return []


def _told(webhook: Webhook) -> list[Fact]:
    """`payment.news`, or `withdrawal.news` of what names a withdrawal: {type, about (the provider's
    object), intent, ours (the id that we gave it)}.
    """
    if not webhook.is_acted_on:
        return []
    data = {
        "type": webhook.type, "about": webhook.about, "intent": webhook.intent,
        "ours": webhook.ours,
    }  # fmt: skip
    name = "withdrawal.news" if names_withdrawal(webhook.ours) else "payment.news"
    fact_id = f"{name}:{webhook.about}:{webhook.fact}:{webhook.replays}"
    return [Fact(fact_id, name, rfc3339_ms(webhook.recorded_at_ms), data)]


def _of_refund(refund: CashRefund, before: str | None) -> list[Fact]:
    """`refund.due` for the consumer that sends it; `refund.failed`, `refund.succeeded` and
    `refund.by_hand` with {member_id, order_id, amount (minor units), currency, expected_by}.
    """
    at = rfc3339_ms(refund.created_at_ms)
    data: dict[str, Any] = {"order_id": refund.order_id, "refund_id": refund.id}
    if before is None and refund.status == DUE:
        return [Fact(f"refund.due:{refund.id}", "refund.due", at, data)]
    is_told = refund.status in (FAILED, SUCCEEDED, BY_HAND) and refund.failure != TO_PAY_BY_HAND
    if refund.status == before or not is_told or refund.member_id is None:
        return []
    by_ms = refund.expected_by_ms
    data |= {
        "member_id": refund.member_id, "amount": refund.amount.amount,
        "currency": refund.amount.currency,
        "expected_by": None if by_ms is None else rfc3339_ms(by_ms),
    }  # fmt: skip
    name = f"refund.{refund.status}"
    return [Fact(f"{name}:{refund.id}", name, rfc3339(clock.now()), data)]
