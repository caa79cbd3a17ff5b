"""The accruals of an event: an entry for each rule that gives points, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from chalicelib import ledger
from chalicelib.earning import queries, rules
from chalicelib.earning.rules import Decision, Payment
from chalicelib.earning.tables import DecidedItem
from chalicelib.kernel.config import config
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import POINTS, Account, Cause, Credit, Entry


def accounts_of(member_id: str, units: Iterable[str]) -> dict[str, Account]:
    """A member's accounts of these units, by unit."""
    return {unit: ledger.find_account(ledger.account_of(member_id, unit)) for unit in units}


def accrue(
    writes: WriteSet,
    partner: str,
    record: DecidedItem,
    decisions: Sequence[Decision],
    accounts: dict[str, Account],
    now: datetime,
) -> list[Entry]:
    """Add an entry for each decision that gives points, with a note for later refunds."""
    units = None if list(accounts) == [POINTS] else list(accounts)
    asked = any(each.points and (each.matched or each.limits) for each in decisions)
    event_id = record.event_id if asked else None
    note = Payment(record.amount, record.currency, units, event_id).encode()
    giving = [each for each in decisions if each.points]
    slot = _slot_of(partner, record.order_id, giving)
    made: list[Entry] = []
    for unit, seen in accounts.items():
        credits = [
            _credit(partner, record, each, rules.PURCHASES.id if each is slot else None, note, now)
            for each in giving
            if each.unit == unit
        ]
        made += ledger.accrue(writes, seen, credits, now)
    return made


def _slot_of(partner: str, order_id: str, giving: Sequence[Decision]) -> Decision | None:
    """The decision whose entry stands under the reference that purchases would have, so that an
    order has no second set of points, by whichever rules; None if purchases give themselves."""
    of_points = [each for each in giving if each.unit == POINTS]
    if rules.is_told_once(partner, order_id) or not of_points:
        return None
    by_purchases = any(each.rule_id == rules.PURCHASES.id for each in of_points)
    return None if by_purchases else of_points[0]


def _credit(
    partner: str,
    record: DecidedItem,
    decision: Decision,
    name: str | None,
    note: bytes,
    now: datetime,
) -> Credit:
    terms = decision.terms or queries.purchases().terms
    expires_at, unlocks_at = terms.times(now, config().time_zone)
    cause = Cause(
        rules.accrual_reference(partner, record.order_id, name or decision.rule_id),
        rules.source_of(partner, record.order_id),
        record.occurred_at,
        rules.rule_named(decision),
        content=rules.content_of(note),
        note=note,
    )
    return Credit(decision.points, expires_at, cause, unlocks_at)
