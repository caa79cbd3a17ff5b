"""Holds that only their owner ends: an order or a withdrawal.

No sweep times them out and no API shows them. The owner's own record decides when they end.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import queries, rules
from chalicelib.ledger.actions.drafts import Draft
from chalicelib.ledger.errors import HoldNotFound
from chalicelib.ledger.rules import NEVER, Account, Cause, Entry, Hold
from chalicelib.ledger.rules.holds import hold_reference


def hold_for_owner(
    writes: WriteSet, seen: Account, hold_id: str, points: int, cause: Cause, now: datetime
) -> Entry:
    """Add a hold that never times out.

    Raises InsufficientPoints, AccountFrozen, UnitMismatch.
    """
    draft = Draft(seen, now)
    account, entry, _ = rules.hold(draft.account, hold_id, points, NEVER, cause, draft.now_ms)
    draft.add((account, entry))
    draft.record(writes)
    return entry


def capture_for_owner(
    writes: WriteSet, seen: Account, hold_id: str, cause: Cause, now: datetime
) -> Entry:
    """Add the capture of an owner's whole hold.

    Read the account before: if the hold has ended, the commit fails with Moved.

    Raises HoldNotFound.
    """
    draft = Draft(seen, now)
    held = _held(seen.id, hold_id)
    end = draft.add(rules.capture(draft.account, held, None, cause, draft.now_ms))
    draft.record(writes, or_raise=Moved)
    return end


def release_for_owner(
    writes: WriteSet, seen: Account, hold_id: str, cause: Cause, now: datetime
) -> Entry:
    """Add the release of an owner's hold to its lots; lapsed points come back lapsed.

    Raises HoldNotFound.
    """
    draft = Draft(seen, now)
    held = _held(seen.id, hold_id)
    end = draft.add(rules.release(draft.account, held, cause, draft.now_ms))
    draft.record(writes, or_raise=Moved)
    return end


def _held(account_id: str, hold_id: str) -> Hold:
    entry = queries.find_entry(account_id, hold_reference(hold_id))
    if entry is None:
        raise HoldNotFound()
    taken = {expiry: -points for expiry, points in entry.lots.items()}
    return Hold(
        hold_id,
        account_id,
        entry.effect.held,
        taken,
        NEVER,
        honours_lapsed=True,
        source=entry.source,
        content=entry.content or b"",
    )
