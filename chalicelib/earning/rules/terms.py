"""Lot policies of rules, as the ledger takes them, and when a rule holds."""

from __future__ import annotations

from datetime import datetime

from chalicelib.earning.rules.decisions import Terms
from chalicelib.earning.rules.definitions import RuleDraft, RuleExpiry, Valid
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.ledger import UNITS, ExpiryPolicy

_COUNTED_BY = {
    "days": "days",
    "months": "months",
    "end_of_month": "months",
    "end_of_year": "years",
    "never": None,
}
_COUNT = Words("须给出且只给出该种到期方式的期数", "takes the count of its kind, and no other")
_OUT = Words("期数超出范围", "is out of range")


def policy_of(expires: RuleExpiry) -> ExpiryPolicy:
    """The ledger's policy of an expiry.

    Raises Invalid naming the field.
    """
    counted = _COUNTED_BY[expires.kind]
    given = {name for name in ("days", "months", "years") if getattr(expires, name) is not None}
    if given != ({counted} if counted else set()):
        at = counted or min(given)
        raise Invalid(FieldError(f"lots.expires.{at}", "exactly_one", _COUNT))
    try:
        return ExpiryPolicy(expires.kind, getattr(expires, counted) if counted else 0)
    except ValueError as error:
        raise Invalid(FieldError(f"lots.expires.{counted}", "out_of_range", _OUT)) from error


def terms_of(rule: RuleDraft) -> Terms:
    """The terms of a rule's points; without an expiry of its own, those of the unit."""
    lots = rule.lots
    if lots is None or lots.expires is None:
        policy = UNITS[rule.effect.unit].expires
    else:
        policy = policy_of(lots.expires)
    return Terms(lots.pending_days if lots else 0, policy.kind, policy.count)


def holds_at(valid: Valid | None, at: datetime, local: datetime) -> bool:
    """Whether a rule holds at an instant; `local` is the same on the program's clock."""
    if valid is None:
        return True
    if (valid.from_ and at < valid.from_) or (valid.until and at >= valid.until):
        return False
    if valid.weekdays is not None and local.isoweekday() not in valid.weekdays:
        return False
    if valid.days is not None and local.day not in valid.days:
        return False
    return valid.hours is None or valid.hours.start <= local.hour < valid.hours.end
