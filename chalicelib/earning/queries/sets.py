"""The accrual set of an order: all that it gave, by whichever event; or its mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chalicelib import members
from chalicelib.earning.queries.events import accruals_of, find_event, find_order
from chalicelib.earning.rules import Decision
from chalicelib.earning.tables import EventItem
from chalicelib.ledger import Account, Entry


def old_ids(member_id: str, accounts: Iterable[Account]) -> list[str]:
    """The ids of those who were merged into a member; most members have none, which the accounts
    tell."""
    return members.ids_of(member_id)[1:] if any(each.joined for each in accounts) else []


def set_of(
    partner: str, order_id: str, ids: Sequence[str], decisions: Sequence[Decision] = ()
) -> list[Entry]:
    """What an order gave under the first of these ids that it gave anything."""
    found = (accruals_of(partner, order_id, each, decisions) for each in ids)
    return next(filter(None, found), [])


def set_of_member(partner: str, order_id: str, seen: Account) -> list[Entry]:
    """What an order gave a member; `seen` is their account of points, read before."""
    ids = [seen.member_id, *old_ids(seen.member_id, [seen])]
    return set_of(partner, order_id, ids)


def marked(partner: str, order_id: str) -> EventItem | None:
    """The record of the event that marks an order."""
    event_id = find_order(partner, order_id).event_id
    return find_event(partner, event_id) if event_id else None
