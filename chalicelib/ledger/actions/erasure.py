"""What a member leaves behind who is erased: points lapse by an entry, words of gifts go.

Entries stay, under the member's opaque id: their chain covers no word of anybody.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.crypto import encrypt
from chalicelib.kernel.store.writes import WriteSet, update_alone, with_fresh_reads
from chalicelib.ledger import queries
from chalicelib.ledger.actions.drafts import Draft
from chalicelib.ledger.rules import UNITS, Entry
from chalicelib.ledger.rules.accounts import ADJUSTMENT, TRANSFER_IN, TRANSFER_OUT
from chalicelib.ledger.rules.expiry import lapse_rest
from chalicelib.ledger.tables import ADJUSTMENT as ADJUSTMENT_KEY
from chalicelib.ledger.tables import (
    AdjustmentItem,
    EntryItem,
    account_key,
    adjustment_key,
    entry_key,
)

_WORDED = (TRANSFER_IN, TRANSFER_OUT)


def erase_of(member_id: str, now: datetime) -> None:
    """Let the rest of a member's points lapse, and forget what was written beside entries.
    Safe to repeat."""
    for unit in UNITS:
        account_id = queries.account_of(member_id, unit)
        lapse(account_id, now)
        _forget_words(account_id)


def lapse(account_id: str, now: datetime) -> Entry | None:
    """Record that all points of an account lapse now; None if it has none."""

    def write() -> Entry | None:
        draft = Draft(queries.find_account(account_id), now)
        account, entry = lapse_rest(draft.account, draft.now_ms)
        if entry is None and not draft.entries:
            return None
        if entry is not None:
            draft.add((account, entry))
        writes = WriteSet()
        draft.record(writes)
        writes.commit()
        return entry

    return with_fresh_reads(write)


def forget_message(account_id: str, reference: str) -> None:
    """Forget what a giver wrote beside the entry of a gift. Safe to repeat."""
    key = EntryItem(account_key(account_id), entry_key(reference))
    update_alone(key, [EntryItem.note.remove()], condition=EntryItem.note.exists())


def _forget_words(account_id: str) -> None:
    for entry in queries.entries_of(account_id):
        if entry.type in _WORDED and entry.note is not None:
            forget_message(account_id, entry.reference)
        if entry.type == ADJUSTMENT:
            _forget_reason(entry.reference.split(":")[1])


def _forget_reason(adjustment_id: str) -> None:
    key = AdjustmentItem(adjustment_key(adjustment_id), ADJUSTMENT_KEY)
    update_alone(
        key,
        [AdjustmentItem.reason.set(encrypt(b"", bound_to=adjustment_id))],
        condition=AdjustmentItem.pk.exists(),
    )
