"""Record the provider's webhooks in one write, before anything acts on them."""

from __future__ import annotations

from msgspec.structs import replace

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.store.writes import WriteSet, was_written
from chalicelib.payments.queries.payments import find_webhook
from chalicelib.payments.rules.webhooks import Webhook
from chalicelib.payments.tables.webhooks import WebhookItem


def record_webhook(webhook: Webhook) -> bool:
    """Record a fact once, whichever of its events comes first; returns whether it was new."""
    item = WebhookItem.of(webhook)
    return was_written(lambda: item.save(condition=WebhookItem.pk.does_not_exist()))


def replay_webhook(about: str, fact: str, act: Act) -> tuple[Webhook, bool]:
    """Process a recorded fact once more; completed work is not repeated: (fact, replayed).

    Raises NotFound, IdempotencyKeyReused.
    """

    def write() -> Webhook:
        known = or_not_found(find_webhook(about, fact))
        after = replace(known, replays=known.replays + 1)
        writes = WriteSet()
        unmoved = WebhookItem.replays == known.replays
        writes.put(WebhookItem.of(after), condition=unmoved)
        now: audit.Facts = {"replays": after.replays, "fact": fact}
        audit.record(writes, act.changing({"replays": known.replays}, now))
        writes.commit()
        return after

    return audit.once(act, write, lambda: find_webhook(about, fact))
