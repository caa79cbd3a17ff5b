"""Writes of a refund: pro rata clawbacks, its record, and the sums of its order."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from chalicelib import ledger
from chalicelib.earning import queries, rules
from chalicelib.earning.actions import referrals
from chalicelib.earning.actions.limits import give_back
from chalicelib.earning.actions.records import put_event
from chalicelib.earning.errors import RefundExceedsPayment
from chalicelib.earning.queries import Receipt
from chalicelib.earning.rules import Decision, RefundedOrder, SoldItem
from chalicelib.earning.rules.orders import NOTHING_GIVEN, REFUNDED, WAITING
from chalicelib.earning.rules.referrals import Seen
from chalicelib.earning.tables import EventItem, PartnerOrderItem, WaitingRefundItem, decided
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import FieldError, Invalid, Moved, Words
from chalicelib.kernel.store.writes import WriteSet, unmoved
from chalicelib.ledger import Cause, Clawback, EntryExists


def refundable(order: PartnerOrderItem, receipt: Receipt) -> int:
    """The amount of a payment that is left beside applied and waiting refunds."""
    return receipt.payment.amount - (order.refunded or 0) - (order.waiting or 0)


def check_refund(refund: RefundedOrder, receipt: Receipt, refundable: int) -> None:
    """Check a refund against its payment.

    Raises RefundExceedsPayment, Invalid.
    """
    if refund.currency != receipt.payment.currency:
        words = Words("与付款币种不同", "is not the currency of the payment")
        raise Invalid(FieldError("data.currency", "not_the_payments", words))
    if refund.amount > refundable:
        left = max(0, refundable)
        words = Words("超过剩余实付金额", "is more than is left of the payment")
        too_much = FieldError("data", "too_much", words)
        raise RefundExceedsPayment(too_much, refundable=left, currency=refund.currency)


def apply_refund(
    partner: str,
    refund: RefundedOrder,
    order: PartnerOrderItem,
    receipt: Receipt,
    waiting: WaitingRefundItem | None,
    now: datetime,
) -> EventItem:
    """Apply a refund and return its record; `waiting` is its item if it waited."""
    writes, (member_id, paid_at) = WriteSet(), _payment_of(partner, order, receipt)
    _note(partner, refund, order, receipt, member_id, now)
    taken = taken_of(partner, refund, order, receipt)
    clawbacks = [each.clawback for each in taken]
    _claw_back(writes, clawbacks, now)
    for each in taken:
        if each.decision and each.decision.limits and each.clawback.points:
            give_back(writes, each.decision, receipt, each.clawback, now)
    sums = {**(order.refunded_of or {}), **{t.rule_id: t.refunded for t in taken if t.refunded}}
    decisions = [rules.decision_on(accrual, -points, REFUNDED) for accrual, points, _ in clawbacks]
    decisions = decisions or [Decision(rules.PURCHASES.id, 0, NOTHING_GIVEN)]
    item, amount = EventItem.of(partner, refund, decisions, member_id), refund.amount
    item.paid_at = paid_at
    item.undoes = 1 if amount and (order.refunded or 0) + amount == receipt.payment.amount else None
    if waiting is None:
        put_event(writes, item, partner, refund)
    else:
        _decide(writes, item, decisions)
        writes.delete(waiting, condition=WaitingRefundItem.pk.exists())
    waited = amount if waiting else 0
    change_sums(writes, order, refunded=amount, waiting=-waited, member_id=member_id, sums=sums)
    _commit(writes, is_new=waiting is None)
    return item


def _commit(writes: WriteSet, *, is_new: bool) -> None:
    """Raises EntryExists, and Moved if another process has meanwhile applied what waited."""
    try:
        writes.commit()
    except EntryExists as error:
        if is_new:
            raise
        raise Moved() from error


def _claw_back(writes: WriteSet, clawbacks: list[ledger.Clawback], now: datetime) -> None:
    """Take the points back, account by account."""
    for account_id in dict.fromkeys(each.accrual.account_id for each in clawbacks):
        own = [each for each in clawbacks if each.accrual.account_id == account_id and each.points]
        if own:
            ledger.claw_back_each(writes, ledger.find_account(account_id), own, now)


def _payment_of(
    partner: str, order: PartnerOrderItem, receipt: Receipt
) -> tuple[str | None, int | None]:
    """Who paid an order, and when (epoch ms): an order that gave no points has an event alone."""
    if receipt.accruals:
        return receipt.member_id, receipt.accruals[0].occurred_at_ms
    event = queries.find_event(partner, order.event_id) if order.event_id else None
    return (event.matched, event.occurred_at) if event else (None, None)


class Taken(NamedTuple):
    """The clawback of one accrual, and the decision that made the accrual, where it is needed.

    `refunded` is what was refunded so far of what a rule by items counted, else 0.
    """

    rule_id: str
    clawback: Clawback
    decision: Decision | None
    refunded: int


def _note(
    partner: str,
    refund: RefundedOrder,
    order: PartnerOrderItem,
    receipt: Receipt,
    member_id: str | None,
    now: datetime,
) -> None:
    """Tell the member's referral what will have gone back: before it is written, so that a crash
    between the two loses nothing. Who is known to have come by nobody has no referral."""
    if member_id is None or member_id == receipt.uninvited:
        return
    if refund.currency == config().currency:
        gone = (order.refunded or 0) + refund.amount
        seen = Seen(f"{partner}:{refund.order_id}", 0, 0, gone)
        referrals.note_order(member_id, seen, now)


def taken_of(
    partner: str, refund: RefundedOrder, order: PartnerOrderItem, receipt: Receipt
) -> list[Taken]:
    """The clawback of each accrual: pro rata to what is refunded of all that its rule counted."""
    decisions, items = _paid_by(partner, receipt)
    if items and not refund.items:
        refund = _with_items(partner, refund)
    paid, before = receipt.payment.amount, order.refunded or 0
    made = []
    for accrual in receipt.accruals:
        rule_id, _ = rules.rule_of(accrual)
        decision = decisions.get((rule_id, rules.unit_of(accrual)))
        share = rules.share_of(decision, items, paid)
        so_far = (order.refunded_of or {}).get(rule_id, 0)
        granted = accrual.effect.from_outside
        points, refunded = rules.part_taken(share, refund, paid, before, so_far, granted)
        cause = Cause(
            rules.refund_reference(partner, refund.order_id, rule_id, refund.id),
            accrual.source,
            refund.occurred_at_ms,
            accrual.rule,
            content=refund.digest,
        )
        clawback = Clawback(accrual, points, cause)
        made.append(Taken(rule_id, clawback, decision, refunded))
    return made


def _paid_by(
    partner: str, receipt: Receipt
) -> tuple[dict[tuple[str, str], Decision], tuple[SoldItem, ...]]:
    """The decisions on a payment by rule and unit, and its items: none where no rule needs them."""
    event_id = receipt.payment.event
    record = queries.find_event(partner, event_id) if event_id else None
    if record is None:
        return {}, ()
    decisions = {(each.rule_id, each.unit): each for each in record.decisions}
    return decisions, queries.items_of(record)


def _with_items(partner: str, refund: RefundedOrder) -> RefundedOrder:
    """A refund that waited, with the items of its record."""
    record = queries.find_event(partner, refund.id)
    return replace(refund, items=queries.items_of(record)) if record else refund


def _decide(writes: WriteSet, item: EventItem, decisions: list[Decision]) -> None:
    """Add the decisions to the record of a refund that waited; its items stay."""
    told = {**decided(decisions), "member_id": item.matched}
    told |= {"paid_at": item.paid_at, "undoes": item.undoes}
    actions = [
        getattr(EventItem, name).set(value) for name, value in told.items() if value is not None
    ]
    writes.update(EventItem(item.pk, item.sk), actions, condition=EventItem.reason == WAITING)


def change_sums(
    writes: WriteSet,
    seen: PartnerOrderItem,
    *,
    refunded: int,
    waiting: int,
    member_id: str | None = None,
    sums: dict[str, int] | None = None,
) -> None:
    """Add to an order's sums. The commit raises Moved if another refund did meanwhile."""
    order = PartnerOrderItem
    said = [
        order.order_id.set(seen.order_id),
        order.refunded.set((seen.refunded or 0) + refunded),
        order.waiting.set((seen.waiting or 0) + waiting),
        order.version.set((seen.version or 0) + 1),
    ]
    if member_id is not None:
        said.append(order.member_id.set(member_id))
    if sums:
        said.append(order.refunded_of.set(sums))
    writes.update(order(seen.pk, seen.sk), said, condition=unmoved(order.version, seen.version))
