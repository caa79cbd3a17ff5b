"""What the provider told us, under the object that it is about."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.store.attributes import IntegerAttribute
from chalicelib.payments.rules.webhooks import Webhook
from chalicelib.payments.tables.items import PaymentsItem

WEBHOOK = "WHK#"


class WebhookItem(PaymentsItem):
    """One fact: events that tell the same share its key."""

    event_id = UnicodeAttribute()
    type = UnicodeAttribute()
    intent = UnicodeAttribute(null=True)
    ours = UnicodeAttribute(null=True)
    created_at = IntegerAttribute()
    recorded_at = IntegerAttribute()
    replays = IntegerAttribute()

    @classmethod
    def of(cls, webhook: Webhook) -> WebhookItem:
        return cls(
            webhook_key(webhook.about), webhook.fact, event_id=webhook.event_id,
            type=webhook.type, intent=webhook.intent, ours=webhook.ours,
            created_at=webhook.created_at_s, recorded_at=webhook.recorded_at_ms,
            replays=webhook.replays,
        )  # fmt: skip

    def value(self) -> Webhook:
        return Webhook(
            event_id=self.event_id, type=self.type, fact=self.sk,
            about=self.pk.removeprefix(WEBHOOK), intent=self.intent, ours=self.ours,
            created_at_s=self.created_at, recorded_at_ms=self.recorded_at, replays=self.replays,
        )  # fmt: skip


def webhook_key(about: str) -> str:
    return WEBHOOK + about
