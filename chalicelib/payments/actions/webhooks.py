"""Keeping what the provider tells: one write, before any of it is acted on."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.writes import was_written
from chalicelib.payments.queries.payments import find_webhook
from chalicelib.payments.rules.webhooks import Webhook
from chalicelib.payments.tables.webhooks import WebhookItem


def record_webhook(webhook: Webhook) -> bool:
    """Keep a fact once, whichever of its events comes first; whether it was new."""
    item = WebhookItem.of(webhook)
    return was_written(lambda: item.save(condition=WebhookItem.pk.does_not_exist()))


def replay_webhook(about: str, fact: str) -> Webhook:
    """Have a fact acted on once more; what was done before is not done again.

    Raises NotFound.
    """
    known = find_webhook(about, fact)
    if known is None:
        raise NotFound()
    after = replace(known, replays=known.replays + 1)
    # Two people who replay at once want one replay: the second write may find it done.
    was_written(lambda: WebhookItem.of(after).save(condition=WebhookItem.replays == known.replays))
    return after
