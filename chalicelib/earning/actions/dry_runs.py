"""Dry runs: what an event would earn or take back now, with nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chalicelib.earning import queries, rules
from chalicelib.earning.actions.clawbacks import check_refund, refundable, taken_of
from chalicelib.earning.actions.deciding import decide
from chalicelib.earning.actions.records import same
from chalicelib.earning.queries.limits import counted
from chalicelib.earning.rules import (
    APPLIED,
    DUPLICATE,
    PURCHASES,
    UNMATCHED,
    Decision,
    Outcome,
    PaidOrder,
    PartnerEvent,
    RefundedOrder,
)
from chalicelib.earning.rules.evaluation import RuleSet
from chalicelib.earning.rules.limits import limited
from chalicelib.earning.rules.orders import REFUNDED, WAITING
from chalicelib.kernel.clock import program_day, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import JifenError, Unavailable


def dry_run(partner: str, event: PartnerEvent, now: datetime) -> Outcome:
    """The outcome that an event would have now; its entries are not there.

    Raises EventIdReused, RefundExceedsPayment, Invalid.
    """
    record = same(partner, event)
    if record is not None:
        return Outcome(event.id, DUPLICATE, [], record.decisions)
    settings = config()
    rules.check_new(event, to_ms(now), settings.earning.event_age_days, settings.currency)
    if isinstance(event, PaidOrder):
        order = queries.find_order(partner, event.order_id)
        known = queries.find_event(partner, order.event_id) if order.event_id else None
        if known is not None:
            return Outcome(event.id, DUPLICATE, [], known.decisions)
        member_id = queries.member_of(event)
        if member_id and (given := queries.accruals_of(partner, event.order_id, member_id)):
            return Outcome(event.id, DUPLICATE, [], rules.decisions_in([], given))
        return earned_by(partner, event, member_id, None, now)
    if isinstance(event, RefundedOrder):
        return _refunded(partner, event)
    receipt = queries.find_receipt(
        partner, queries.find_order(partner, event.order_id), [queries.member_of(event)]
    )
    decision = Decision(PURCHASES.id, 0, WAITING)
    is_known = receipt is not None and receipt.settled
    return Outcome(event.id, APPLIED if is_known else UNMATCHED, [], [decision])


def dry_run_batch(
    partner: str, sent: Sequence[PartnerEvent | JifenError], now: datetime
) -> list[Outcome | JifenError]:
    """The outcomes of a batch, each as if its event were the only one."""
    outcomes: list[Outcome | JifenError] = []
    for event in sent:
        try:
            outcomes.append(
                event if isinstance(event, JifenError) else dry_run(partner, event, now)
            )
        except Unavailable:
            raise
        except JifenError as refusal:
            outcomes.append(refusal)
    return outcomes


def earned_by(
    partner: str,
    event: PaidOrder,
    member_id: str | None,
    published: RuleSet | None,
    now: datetime,
) -> Outcome:
    """What an event would earn now by the rules in force, or by others, within their limits."""
    made = decide(partner, event, member_id, published)
    decisions = made.decisions
    if member_id is not None:
        seen = counted(member_id, decisions, program_day(now))
        decisions = limited(decisions, {rule_id: each.left for rule_id, each in seen.items()})
    status = UNMATCHED if member_id is None else APPLIED
    return Outcome(event.id, status, [], decisions, made.verdicts)


def _refunded(partner: str, refund: RefundedOrder) -> Outcome:
    """Raises RefundExceedsPayment, Invalid."""
    order = queries.find_order(partner, refund.order_id)
    receipt = queries.find_receipt(partner, order, [queries.member_of(refund)])
    if receipt is not None:
        check_refund(refund, receipt, refundable(order, receipt))
    if receipt is None or not receipt.settled:
        return Outcome(refund.id, UNMATCHED, [], [Decision(PURCHASES.id, 0, WAITING)])
    taken = taken_of(partner, refund, order, receipt)
    clawbacks = [each.clawback for each in taken]
    decisions = [rules.decision_on(accrual, -points, REFUNDED) for accrual, points, _ in clawbacks]
    return Outcome(refund.id, APPLIED, [], decisions)
