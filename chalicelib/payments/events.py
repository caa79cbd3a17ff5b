"""The relay of the payments table's stream."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, DynamoDBEvent

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.facts import Fact
from chalicelib.kernel.streams import Change, relay, source_arn
from chalicelib.kernel.tables import from_stream
from chalicelib.payments.rules.payments import DUE, CashRefund
from chalicelib.payments.rules.webhooks import Webhook
from chalicelib.payments.tables.payments import REFUND, RefundItem
from chalicelib.payments.tables.webhooks import WEBHOOK, WebhookItem
from chalicelib.payments.withdrawals_facts import withdrawal_facts

events = Blueprint(__name__)


@events.on_dynamodb_record(stream_arn=source_arn("payments"), name="payments_relay")
def payments_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event, facts_of)


def facts_of(change: Change) -> list[Fact]:
    """A fact for what the provider told and may matter, for a refund that is owed, and for each
    state of a withdrawal.
    """
    key, sort_key = change.keys
    if change.after is None:
        return []
    if key.startswith(WEBHOOK):
        return _told(from_stream(WebhookItem, change.after).value())
    if sort_key.startswith(REFUND) and change.before is None:
        return _owed(from_stream(RefundItem, change.after).value())
    return withdrawal_facts(change)


def _told(webhook: Webhook) -> list[Fact]:
    if not webhook.is_acted_on:
        return []
    data = {
        "type": webhook.type, "about": webhook.about, "intent": webhook.intent,
        "ours": webhook.ours,
    }  # fmt: skip
    name = f"payment.news:{webhook.about}:{webhook.fact}:{webhook.replays}"
    return [Fact(name, "payment.news", rfc3339_ms(webhook.recorded_at_ms), data)]


def _owed(refund: CashRefund) -> list[Fact]:
    if refund.status != DUE:
        return []
    data = {"order_id": refund.order_id, "refund_id": refund.id}
    return [Fact(f"refund.due:{refund.id}", "refund.due", rfc3339_ms(refund.created_at_ms), data)]
