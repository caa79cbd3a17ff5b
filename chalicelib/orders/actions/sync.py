"""Sync of orders with the provider: a payment captures an order's points, a refund is booked.

Each of the provider's facts is recorded once. Webhooks and sweeps only trigger it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from botocore.exceptions import BotoCoreError, ClientError
from msgspec.structs import replace
from pynamodb.exceptions import PynamoDBException

from chalicelib import ledger, payments
from chalicelib.kernel import ids
from chalicelib.kernel.clock import from_ms, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import JifenError, NotAllowedInThisState, NotFound
from chalicelib.kernel.failures import tell
from chalicelib.kernel.money import Money
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.ledger import Cause
from chalicelib.orders.actions import acts, returning, vouchers
from chalicelib.orders.actions.discounts import put_changed
from chalicelib.orders.actions.returning import cash_of
from chalicelib.orders.queries import cash_events
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules import Order, OrderAct, Refund, refunds
from chalicelib.orders.rules import payments as rules_of_payments
from chalicelib.payments import Intent, Method, ProviderCharge, ProviderRefund

# The provider forgets our keys after a day. Until then the same call finds an orphan of a crash.
_ORPHANS_FOUND_FOR = timedelta(hours=23)


def sync_order(order_id: str, now: datetime) -> Order:
    """Bring an order and the cash journal in line with its payment at the provider.

    Raises NotFound, Unavailable.
    """
    order = get_order(order_id)
    intent = _intent(order, now)
    if intent is not None and intent.charge is not None:
        order = _take_charge(order, intent, intent.charge, now)
        contra = payments.SALES if _is_paid_by(order, intent.charge) else payments.UNAPPLIED
        external = [
            told
            for told in intent.charge.refunds
            if payments.record_refund(order_id, told, contra, now) is None
        ]
        if contra == payments.UNAPPLIED:
            payments.owe_failed_external(order_id, order.member_id, intent.charge, external, now)
        order = _record_returns(order, intent.charge, external, now)
    elif intent is not None and intent.declined != order.declined:
        order = _change(order_id, lambda seen: rules_of_payments.decline(seen, intent.declined))
    if order.unsettled and (intent is None or intent.status in ("canceled", "succeeded")):
        order = _change(order_id, rules_of_payments.close)
    return order


def refresh_payment(order_id: str, act: str, now: datetime, member_id: str | None = None) -> None:
    """Sync a paid order before an act that refunds it. A failed sync stops no act: the act may be
    a replay.

    Raises NotFound, also for the order of another member.
    """
    try:
        if rules_of_payments.refunds_cash(get_order(order_id, member_id), act):
            sync_order(order_id, now)
    except (JifenError, PynamoDBException, BotoCoreError, ClientError) as error:
        # Its leaves tell of something else, such as a payment at the provider.
        if type(error) is NotFound:
            raise
        tell("an order was not synced before an act", error, order_id=order_id, act=act)


def cancel_overdue(order_id: str, now: datetime, *, is_answered: bool = True) -> bool:
    """Cancel an unpaid order after its time; whether it was cancelled.

    While the provider does not answer, an order that its events call paid waits some hours more.
    """
    order = get_order(order_id)
    if not rules_of_payments.awaits_payment(order) or to_ms(now) < order.pay_until_ms:
        return False
    if not is_answered and _waits_longer(order, now):
        return False
    try:
        acts.act_on(order_id, OrderAct("time_out", "system", None, to_ms(now)))
    except NotAllowedInThisState:
        return False
    return True


def _waits_longer(order: Order, now: datetime) -> bool:
    longer = timedelta(hours=config().orders.unasked_payment_waits_hours)
    return now < from_ms(order.pay_until_ms) + longer and payments.is_told_paid(order.id)


def _intent(order: Order, now: datetime) -> Intent | None:
    """The payment at the provider; that of a dead order is ended first."""
    if not order.unsettled:
        return payments.find_intent(order.id)
    recent = now - from_ms(order.created_at_ms) < _ORPHANS_FOUND_FOR
    due, method = cash_of(order, order.cash), cast(Method, order.method)
    return payments.end_payment(order.id, due, method, now, find_orphan=recent)


def _take_charge(order: Order, intent: Intent, charge: ProviderCharge, now: datetime) -> Order:
    """Record a charge: its order is paid, or, if it is dead or its amount differs, a refund is
    owed."""
    if _is_paid_by(order, charge):
        return order

    def write() -> Order:
        # Read the journal first: an order read after it has every charge in it.
        stands = payments.has_charge(charge.id)
        seen = get_order(order.id)
        if stands:
            return seen
        writes = WriteSet()
        fits = charge.amount == cash_of(seen, seen.cash)
        if rules_of_payments.awaits_payment(seen) and fits:
            after = _pay(writes, seen, intent, charge, now)
        else:
            after = _take_unapplied(writes, seen, charge, now)
        put_changed(writes, seen, after)
        writes.commit()
        return after

    return with_fresh_reads(write)


def _take_unapplied(writes: WriteSet, order: Order, charge: ProviderCharge, now: datetime) -> Order:
    """Add an unapplied charge, and owe the part that was not refunded yet; the order with the
    event."""
    payments.record_charge(writes, order.id, charge, payments.UNAPPLIED, now)
    gone = sum(each.amount for each in charge.refunds if each.stands)
    owed = Money(charge.amount.amount - gone, charge.amount.currency)
    event, returns = cash_events.not_taken(order, charge), order.unapplied
    if owed.amount:
        refund_id = ids.derived_id("rfd", charge.id)
        payments.owe_refund(
            writes, refund_id, order.id, order.member_id, owed, payments.UNAPPLIED, event.kind, now
        )
        made = Refund(refund_id, 0, owed.amount, to_ms(now), b"", event.kind)
        returns = (*returns, made)
    return rules_of_payments.record_cash(order, [event], returns)


def _pay(
    writes: WriteSet, order: Order, intent: Intent, charge: ProviderCharge, now: datetime
) -> Order:
    at_ms = to_ms(now)
    act = OrderAct("pay", "system", None, at_ms)
    payments.record_charge(writes, order.id, charge, payments.SALES, now)
    if order.points:
        account = ledger.find_account(ledger.points_account(order.member_id))
        cause = Cause(order.reference, order.reference, at_ms)
        ledger.capture_for_owner(writes, account, order.id, cause, now)
    after = replace(rules_of_payments.pay(order, charge.id, act), method=intent.method)
    vouchers.issue(writes, order.status, after)
    return after


def _record_returns(
    order: Order, charge: ProviderCharge, external: Sequence[ProviderRefund], now: datetime
) -> Order:
    """Record disputes and external refunds of a charge; a dispute freezes its order."""
    if not (charge.disputes or external) and _is_paid_by(order, charge):
        return order

    def write() -> Order:
        seen = get_order(order.id)
        writes, is_sold = WriteSet(), _is_paid_by(seen, charge)
        payments.record_disputes(writes, seen.id, charge, now, is_sold=is_sold)
        after = _apply_returns(writes, seen, charge, external, now) if is_sold else seen
        returns = () if is_sold else cash_events.returns_of(seen, external, now)
        told = cash_events.of_charge(seen, charge, external, now, is_sold=is_sold)
        after = rules_of_payments.record_cash(after, told, returns)
        if after != seen:
            put_changed(writes, seen, after)
        if len(writes):
            writes.commit()
        return after

    return with_fresh_reads(write)


def _apply_returns(
    writes: WriteSet,
    order: Order,
    charge: ProviderCharge,
    external: Sequence[ProviderRefund],
    now: datetime,
) -> Order:
    """The order after disputes and external refunds; the units of a failed external refund are
    owed."""
    is_away = any(dispute.status in ("open", "lost") for dispute in charge.disputes)
    known = sum(dispute.steps for dispute in charge.disputes)
    after = rules_of_payments.record_disputes(order, known, is_away=is_away)
    is_lost = any(dispute.status == "lost" for dispute in charge.disputes)
    if is_lost and known >= order.dispute_steps:
        # The mall may have won since a dispute that an older answer calls lost.
        after = returning.release_disputed(writes, after)
    # Failed ones count, too, even new ones: our own refunds may have given less because of them.
    # They come last: the payer has had the ones that stand.
    failed = {told.id for told in external if not told.stands}
    for told in sorted(external, key=lambda told: told.id in failed):
        at_ms = told.movement.created_at_ms if told.movement else to_ms(now)
        at_ms = max(at_ms, order.decided_at_ms)
        after = refunds.add_external_refund(after, told.id, told.amount, at_ms)
    payments.record_failed_external(writes, order.id, external)
    if any(made.beyond for made in after.refunds):
        after = refunds.attribute(after, payments.cash_given_back(order.id), failed)
    for refund_id in sorted(failed):
        again = ids.derived_id("rfd", refund_id)
        after, owed = refunds.fail_external_refund(after, refund_id, again, to_ms(now))
        if owed:
            returning.return_cash(writes, order, owed, "refund", to_ms(now))
    return after


def _change(order_id: str, rule: rules_of_payments.Rule) -> Order:
    def write() -> Order:
        seen = get_order(order_id)
        after = rule(seen)
        if after != seen:
            writes = WriteSet()
            put_changed(writes, seen, after)
            writes.commit()
        return after

    return with_fresh_reads(write)


def _is_paid_by(order: Order, charge: ProviderCharge) -> bool:
    return order.paid == charge.id
