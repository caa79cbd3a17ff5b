"""Merging of a member's accounts into another's; later credits of the first go on by themselves."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import queries
from chalicelib.ledger.actions.drafts import Draft
from chalicelib.ledger.rules import UNITS


def join(
    writes: WriteSet, member_id: str, into: str, now: datetime, *, again: bool = False
) -> None:
    """Add: all points and debts of a member go into another's accounts, each lot with its expiry,
    and so does whatever comes in later: what is released, unlocked, refunded or taken back.

    The commit is refused with Moved if an account has changed since. An account that is frozen
    or under review leaves the other one frozen. Whoever was merged into this member before goes on
    with them, and joins `again`: the other account is told once.
    """
    for unit in UNITS:
        draft = Draft(queries.find_account(queries.account_of(member_id, unit)), now)
        draft.account = replace(draft.account, merged_into=into)
        draft.joins = not again
        draft.record(writes, or_raise=Moved)
