"""What partners tell of orders, and what becomes of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from chalicelib.earning.rules.earning import Decision
from chalicelib.ledger import Entry, pro_rata

APPLIED, DUPLICATE, UNMATCHED = "applied", "duplicate", "unmatched"
REFUNDED, NOTHING_GIVEN, WAITING = "refunded", "nothing_was_given", "waiting_for_payment"
UNLOCKED, NOTHING_PENDING = "unlocked", "nothing_pending"


@dataclass(frozen=True, kw_only=True)
class PartnerEvent:
    """What a partner tells of an order: `digest` of its content, who as sent.

    `identity` is the keyed hash of a phone or an e-mail, None where `member_id` was sent.
    """

    id: str
    order_id: str
    occurred_at_ms: int
    digest: bytes
    member_id: str | None
    identity: str | None


@dataclass(frozen=True, kw_only=True)
class PaidOrder(PartnerEvent):
    """An `order.paid`: `amount` in minor units of the whole order."""

    amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class RefundedOrder(PartnerEvent):
    """An `order.refunded`: `amount` in minor units taken back, by this refund alone."""

    amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class CompletedOrder(PartnerEvent):
    """A `custom.order_completed`: its pending points need to wait no longer."""


class Outcome(NamedTuple):
    """What became of an event: its status, the entries that it made, the decision on it."""

    event_id: str
    status: str
    entries: list[Entry]
    decision: Decision


class Payment(msgspec.Struct, frozen=True):
    """What a refund is measured by: the note of an accrual's entry, which vouches for it by
    its `content`."""

    amount: int
    currency: str

    def encode(self) -> bytes:
        return msgspec.json.encode(self)

    @classmethod
    def decode(cls, note: bytes) -> Payment:
        return msgspec.json.decode(note, type=cls)


def source_of(partner: str, order_id: str) -> str:
    """What entries name as their source."""
    return f"{partner}:{order_id}"


def accrual_reference(partner: str, order_id: str, rule_id: str) -> str:
    """One accrual for each partner, order and rule, whatever events tell of the order."""
    return f"order_paid:{source_of(partner, order_id)}:{rule_id}"


def refund_reference(partner: str, order_id: str, rule_id: str, event_id: str) -> str:
    """One clawback for each refund of an order and each rule that gave for it."""
    digest = content_of(event_id.encode()).hex()
    return f"order_refunded:{source_of(partner, order_id)}:{rule_id}:{digest}"


def content_of(plain: bytes) -> bytes:
    """12 bytes that tell contents apart where nothing is personal: anybody can compute them."""
    return hashlib.sha256(plain).digest()[:12]


def taken_back(granted: int, paid: int, before: int, amount: int) -> int:
    """The points that a refund of `amount` takes, `before` having been refunded of `paid`."""
    return pro_rata(granted, paid, before + amount) - pro_rata(granted, paid, before)
