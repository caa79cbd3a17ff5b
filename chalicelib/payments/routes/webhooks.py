"""The provider's webhooks, and their replay by ops.

A webhook is recorded here. `payments/events.py` relays it to a queue; `orders/events.py` takes it
from there, and `orders/actions/news.py` acts on it. Withdrawals have `withdrawals/events.py`.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.kernel import clock, secrets
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.auth import ADMIN, FINANCE, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.payments.actions.webhooks import record_webhook, replay_webhook
from chalicelib.payments.errors import WebhookSignatureExpired, WebhookSignatureInvalid
from chalicelib.payments.queries.payments import webhooks_about
from chalicelib.payments.rules.webhooks import Webhook, check_signature, read_webhook

webhooks = Blueprint(__name__)

HEADERS = (("Stripe-Signature", "as Stripe signs: t=<unix seconds>,v1=<hex HMAC-SHA256>"),)
READERS = (OPS, FINANCE, ADMIN)


class ReceivedView(msgspec.Struct):
    """`duplicate`: this fact was received before, by this event or by another."""

    received: bool
    duplicate: bool


class WebhookView(msgspec.Struct):
    """A fact that the provider sent; `replays` counts how often ops replayed it."""

    object: str
    fact: str
    event_id: str
    type: str
    acted_on: bool
    created_at: str
    recorded_at: str
    replays: int


class WebhooksQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """`object` is an id of the provider's: `pi_…`, `ch_…`, `re_…`."""

    object: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


EVENT = {
    "id": "evt_3QexampleEvent",
    "type": "payment_intent.succeeded",
    "created": 1795248000,
    "data": {"object": {"id": "pi_3QexampleIntent", "metadata": {"payment_id": "pay_5c3b"}}},
}
EXAMPLE = {
    "object": "pi_3QexampleIntent", "fact": "9f2d6c1ab04e5c7788c1d2e3f4a5b6c7",
    "event_id": "evt_3QexampleEvent", "type": "payment_intent.succeeded", "acted_on": True,
    "created_at": "2026-11-21T08:00:00Z", "recorded_at": "2026-11-21T08:00:01Z", "replays": 0,
}  # fmt: skip


@route(
    webhooks, "POST", "/v1/webhooks/stripe",
    summary="Receive a webhook of Stripe: recorded at once, processed in a moment",
    body=(dict[str, Any],), headers=HEADERS, answer=ReceivedView,
    may_raise=[WebhookSignatureInvalid, WebhookSignatureExpired],
    example={"request": EVENT, "answer": {"received": True, "duplicate": False}},
)  # fmt: skip
def receive_stripe_webhook(call: Call) -> Reply:
    check_signature(
        call.headers.get("stripe-signature", ""),
        call.raw_body,
        secrets.stripe().webhook_secrets,
        int(clock.machine_now().timestamp()),
    )
    new = record_webhook(read_webhook(call.raw_body, to_ms(call.now)))
    return Reply(ReceivedView(received=True, duplicate=not new))


@route(
    webhooks, "GET", "/v1/admin/webhooks",
    summary="Webhooks about one of the provider's objects",
    roles=READERS, query=WebhooksQuery, answer=Page[WebhookView],
    example={"answer": {"data": [EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_webhooks(call: Call) -> Reply:
    asked: WebhooksQuery = call.query
    return Reply(webhooks_about(asked.object, asked, _view))


@route(
    webhooks, "POST", "/v1/admin/webhooks/{object}/{fact}/replay",
    summary="Process a webhook again; completed work is not repeated",
    roles=READERS, answer=WebhookView, status=202, key=False,
    example={"answer": {**EXAMPLE, "replays": 1}},
)  # fmt: skip
def replay_stripe_webhook(call: Call) -> Reply:
    about, fact = call.path["object"], call.path["fact"]
    act = audit.act_of(call, "webhook.replay", about)
    return answer_of(replay_webhook(about, fact, act), _view)


def _view(webhook: Webhook) -> WebhookView:
    return shaped(
        WebhookView,
        webhook,
        object=webhook.about,
        acted_on=webhook.is_acted_on,
        created_at=rfc3339_ms(webhook.created_at_s * 1000),
    )
