"""The provider's events, each under the object that it is about."""

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
        return cls.holding(webhook, webhook_key(webhook.about), webhook.fact)

    def value(self) -> Webhook:
        return self.into(Webhook, fact=self.sk, about=self.pk.removeprefix(WEBHOOK))


def webhook_key(about: str) -> str:
    return WEBHOOK + about
