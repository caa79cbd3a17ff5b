"""What an erased member leaves in withdrawals: amounts stay, the account that was paid goes."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import partial

from msgspec.structs import replace

from chalicelib import members
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.withdrawals.actions.payout_accounts import remove_payout_account
from chalicelib.withdrawals.queries import payout_accounts
from chalicelib.withdrawals.queries.withdrawals import all_withdrawals_of, get_withdrawal
from chalicelib.withdrawals.rules.payout_accounts import NOBODY
from chalicelib.withdrawals.tables.withdrawals import WithdrawalItem


def erase_of(member_id: str, now: datetime) -> list[str]:
    """Forget a member's payout account, and where withdrawals went, under all their ids. Safe to
    repeat.

    Returns the ids of what stays, for what the audit says about it.
    """
    for each in members.ids_of(member_id):
        with suppress(NotFound):
            remove_payout_account(each, now)
    kept = []
    for made in all_withdrawals_of(member_id):
        with_fresh_reads(partial(_forget, made.id))
        kept.append(made.id)
    return kept


def _forget(withdrawal_id: str) -> None:
    seen = get_withdrawal(withdrawal_id)
    is_known = payout_accounts.unsealed(seen.destination, seen.member_id) != NOBODY
    if not is_known and seen.reason is None:
        return
    sealed = payout_accounts.seal(NOBODY, seen.member_id)
    after = replace(seen, destination=sealed, reason=None, version=seen.version + 1)
    writes = WriteSet()
    writes.put(WithdrawalItem.of(after), condition=WithdrawalItem.version == seen.version)
    writes.commit()
