"""Partners' events about orders, and their outcomes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from chalicelib.earning.rules.decisions import MATCHED, PURCHASES, Decision
from chalicelib.earning.rules.definitions import MALL
from chalicelib.earning.rules.items import SoldItem
from chalicelib.earning.rules.stacking import Verdict
from chalicelib.ledger import Entry

APPLIED, DUPLICATE, UNMATCHED = "applied", "duplicate", "unmatched"
REFUNDED, NOTHING_GIVEN, WAITING = "refunded", "nothing_was_given", "waiting_for_payment"
UNLOCKED, NOTHING_PENDING = "unlocked", "nothing_pending"


class PartnerEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event of a partner about an order: `digest` of its content, `who` as sent.

    `identity` is the keyed hash of a phone or an e-mail, None where `member_id` or a code was sent.
    With `is_late` the member's code had expired: the event is good if it is a retry.
    """

    id: str
    order_id: str
    occurred_at_ms: int
    digest: bytes
    member_id: str | None
    identity: str | None
    is_late: bool = False
    items: tuple[SoldItem, ...] = ()


class MoneyEvent(PartnerEvent, frozen=True, kw_only=True):
    """An event about money; `amount` in minor units."""

    amount: int
    currency: str


class PaidOrder(MoneyEvent, frozen=True, kw_only=True):
    """An `order.paid`: `amount` is that of the whole order."""

    attributes: dict[str, Any] = {}


class Happening(PaidOrder, frozen=True, kw_only=True):
    """A `custom.<name>` or a `member.updated`: it earns like an order that it names itself.

    `has_amount` is False where the partner sent none. `birthday` is (month, day).
    """

    type: str
    has_amount: bool
    birthday: tuple[int, int] | None = None


class RefundedOrder(MoneyEvent, frozen=True, kw_only=True):
    """An `order.refunded`: `amount` is that of this refund alone."""


class CompletedOrder(PartnerEvent, frozen=True, kw_only=True):
    """A `custom.order_completed`: its pending points become spendable."""


class Outcome(NamedTuple):
    """The outcome of an event: its status, its entries and its decisions.

    `verdicts` are of all rules of its type, where they were looked at.
    """

    event_id: str
    status: str
    entries: list[Entry]
    decisions: list[Decision]
    verdicts: Sequence[Verdict] = ()


class Payment(msgspec.Struct, frozen=True, omit_defaults=True):
    """The basis of later refunds: the note of an accrual's entry, whose `content` proves it.

    `units` are those of all the order's accruals, where they are not points alone. `event` is the
    id of the event whose decisions refunds need: of rules by items, and of rules with limits.
    """

    amount: int
    currency: str
    units: list[str] | None = None
    event: str | None = None

    def encode(self) -> bytes:
        return msgspec.json.encode(self)

    @classmethod
    def decode(cls, note: bytes) -> Payment:
        return msgspec.json.decode(note, type=cls)


def source_of(partner: str, order_id: str) -> str:
    """The source in the entries of an order."""
    return f"{partner}:{order_id}"


def is_told_once(partner: str, order_id: str) -> bool:
    """Whether no two events can tell of an order: a happening names itself by `<type>!<id>`, and
    the mall tells of its own orders."""
    return partner == MALL or "!" in order_id


def accrual_reference(partner: str, order_id: str, rule_id: str) -> str:
    """One accrual for each partner, order and rule, whatever events tell of the order.

    Of a set that purchases give nothing of, the first entry of points stands under their name.
    """
    return f"order_paid:{source_of(partner, order_id)}:{rule_id}"


def refund_reference(partner: str, order_id: str, rule_id: str, event_id: str) -> str:
    """One clawback for each refund of an order and each rule that gave for it."""
    digest = content_of(event_id.encode()).hex()
    return f"order_refunded:{source_of(partner, order_id)}:{rule_id}:{digest}"


def content_of(plain: bytes) -> bytes:
    """12 bytes that tell contents apart where nothing is personal: anybody can compute them."""
    return hashlib.sha256(plain).digest()[:12]


def payment_of(accrual: Entry) -> Payment | None:
    """The payment in the note of an accrual's entry; None if its `content` does not prove it."""
    if accrual.note is None or accrual.content != content_of(accrual.note):
        return None
    return Payment.decode(accrual.note)


def unit_of(entry: Entry) -> str:
    return entry.account_id.rpartition(":")[2]


def rule_named(decision: Decision) -> str:
    """The rule as entries name it: with its version, `rul_…@3`, unless it is built in."""
    return f"{decision.rule_id}@{decision.version}" if decision.version else decision.rule_id


def rule_of(entry: Entry) -> tuple[str, int]:
    """The id and the version of the rule that an entry names."""
    rule_id, _, version = (entry.rule or PURCHASES.id).partition("@")
    return rule_id, int(version or 0)


def decision_on(entry: Entry, points: int, reason: str) -> Decision:
    """A decision on an accrual, with these points."""
    rule_id, version = rule_of(entry)
    return Decision(rule_id, points, reason, unit_of(entry), version=version)


def decisions_in(decisions: Sequence[Decision], accruals: Sequence[Entry]) -> list[Decision]:
    """The decisions on a payment as its entries record them, whichever event made them."""
    given = {(rule_of(each)[0], unit_of(each)): each for each in accruals}
    told = []
    for made in decisions:
        accrual = given.pop((made.rule_id, made.unit), None)
        if accrual is not None:
            told.append(decision_on(accrual, accrual.effect.from_outside, MATCHED))
        elif not made.points:
            told.append(made)
    return told + [decision_on(each, each.effect.from_outside, MATCHED) for each in given.values()]
