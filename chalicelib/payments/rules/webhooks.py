"""Webhooks of the provider: checked by signature, used as hints to ask the provider."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import msgspec

from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.signatures import is_signed, is_timely
from chalicelib.payments.errors import WebhookSignatureExpired, WebhookSignatureInvalid

# Prefixes of the types that we act on; other webhooks are recorded and ignored.
ACTED_ON = ("payment_intent.", "charge.", "refund.", "transfer.", "payout.")
LAST_SECOND = 253_402_300_799  # of the year 9999, the last that a date can name
LONGEST_ID = 255
PAID = "payment_intent.succeeded"


class _Object(msgspec.Struct):
    """The fields that all objects of the provider share and we read."""

    id: str = ""
    payment_intent: str | None = None
    metadata: dict[str, str] | None = None


class _Data(msgspec.Struct):
    object: msgspec.Raw


class Event(msgspec.Struct):
    """An event as it is sent."""

    id: str
    type: str
    created: Annotated[int, msgspec.Meta(ge=0, le=LAST_SECOND)]
    data: _Data


class Webhook(msgspec.Struct, frozen=True):
    """A fact that the provider sent, once, however many events carry it.

    `fact` is a digest of its type and object. `about` is the object's id, `intent` the payment at
    the provider, and `ours` our own id of the object if it has one.
    """

    event_id: str
    type: str
    fact: str
    about: str
    intent: str | None
    ours: str | None
    created_at_s: int
    recorded_at_ms: int
    replays: int = 0

    @property
    def is_acted_on(self) -> bool:
        return self.type.startswith(ACTED_ON)


def names_withdrawal(ours: str | None) -> bool:
    """Whether an object's `ours` may be the id of a withdrawal; other users of the account choose
    their own.
    """
    return bool(ours and is_id("wdr", ours))


def check_signature(header: str, body: bytes, secrets: Iterable[str], machine_s: int) -> None:
    """Check Stripe-Signature over the raw body against the live secrets.

    Raises WebhookSignatureInvalid, WebhookSignatureExpired.
    """
    parts = [part.partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name.strip() == "t"]
    given = [value for name, _, value in parts if name.strip() == "v1" and value.isascii()]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit()) or len(times[0]) > 12:
        raise WebhookSignatureInvalid()
    if not is_signed(body, int(times[0]), given[:8], secrets):
        raise WebhookSignatureInvalid()
    if not is_timely(int(times[0]), machine_s):
        raise WebhookSignatureExpired()


def read_webhook(body: bytes, now_ms: int) -> Webhook:
    """The fact in a signed body.

    Raises Invalid.
    """
    try:
        event = msgspec.json.decode(body, type=Event)
        found = msgspec.json.decode(event.data.object, type=_Object)
        content: Mapping[str, Any] = msgspec.json.decode(event.data.object, type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError) as error:
        words = Words("无法识别的事件", "is not an event that can be read")
        raise Invalid(FieldError("body", "unreadable_event", words)) from error
    metadata = found.metadata or {}
    intent = found.id if event.type.startswith("payment_intent.") else found.payment_intent
    return Webhook(
        event_id=event.id[:LONGEST_ID],
        type=event.type[:100],
        fact=_digest(event.type, content),
        about=found.id[:LONGEST_ID] or "none",
        intent=_cut(intent),
        ours=_cut(metadata.get("payment_id") or metadata.get("payout_id")),
        created_at_s=event.created,
        recorded_at_ms=now_ms,
    )


def _cut(named: str | None) -> str | None:
    """An id that others chose, cut so that it fits a key."""
    return None if named is None else named[:LONGEST_ID]


def _digest(event_type: str, content: Mapping[str, Any]) -> str:
    canonical = msgspec.json.encode([event_type, content], order="sorted")
    return hashlib.sha256(canonical).hexdigest()[:32]
