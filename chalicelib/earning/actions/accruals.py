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
    made: list[Entry] = []
    for unit, seen in accounts.items():
        credits = [
            _credit(partner, record, each, note, now)
            for each in decisions
            if each.points and each.unit == unit
        ]
        made += ledger.accrue(writes, seen, credits, now)
    return made


def _credit(
    partner: str, record: DecidedItem, decision: Decision, note: bytes, now: datetime
) -> Credit:
    terms = decision.terms or queries.purchases().terms
    expires_at, unlocks_at = terms.times(now, config().time_zone)
    cause = Cause(
        rules.accrual_reference(partner, record.order_id, decision.rule_id),
        rules.source_of(partner, record.order_id),
        record.occurred_at,
        rules.rule_named(decision),
        content=rules.content_of(note),
        note=note,
    )
    return Credit(decision.points, expires_at, cause, unlocks_at)
