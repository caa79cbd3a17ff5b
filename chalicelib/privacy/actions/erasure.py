"""A member closes the account: asked for, thought over for some days, then done part by part.

The identity goes first, in one transaction: from then on nobody signs in as this member. Each part
that follows is safe to repeat, and the erasure stands in its list until all are done: a run that a
crash cut off is begun again.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib import (
    audit,
    campaigns,
    catalog,
    coupons,
    earning,
    finance,
    ledger,
    members,
    notify,
    orders,
    risk,
    tiers,
    withdrawals,
)
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.store.writes import WriteSet, delete_each, with_fresh_reads
from chalicelib.privacy import queries
from chalicelib.privacy.actions import exports
from chalicelib.privacy.errors import FreshLoginRequired
from chalicelib.privacy.rules import DAY_MS, FRESH_MS, Erasure, check_unblocked
from chalicelib.privacy.tables import ErasureItem


def ask_erasure(member_id: str, session_id: str, now: datetime) -> int:
    """Let a member be erased some days on, and sign them out everywhere; when, in epoch ms. Asking
    again changes nothing.

    Raises FreshLoginRequired, ErasureBlocked, Unauthenticated.
    """
    now_ms = to_ms(now)
    due_ms = members.erased_at(member_id)
    if due_ms is None:
        _check_fresh(member_id, session_id, now_ms)
        check_unblocked(queries.reasons_against(member_id))
        due_ms = with_fresh_reads(lambda: _mark(member_id, now_ms))
    members.end_all_sessions(member_id)
    return due_ms


def _check_fresh(member_id: str, session_id: str, now_ms: int) -> None:
    signed_in_ms = members.signed_in_at(member_id, session_id)
    if signed_in_ms is None or now_ms - signed_in_ms > FRESH_MS:
        raise FreshLoginRequired(minutes=FRESH_MS // 60_000)


def _mark(member_id: str, now_ms: int) -> int:
    marked = members.erased_at(member_id)
    if marked is not None:
        return marked
    due_ms = now_ms + config().privacy.erasure_after_days * DAY_MS
    writes = WriteSet()
    members.mark_for_erasure(writes, member_id, due_ms)
    writes.put(ErasureItem.of(Erasure(member_id, now_ms, due_ms)))
    writes.commit()
    return due_ms


def erase(due: Erasure, now: datetime) -> bool:
    """Erase a member whose time has come; whether it was done. One who has signed in since is not
    erased, and one with business that is open is erased a day later.

    Safe to repeat after a crash at any point.
    """
    if not members.is_erased(due.member_id):
        if members.erased_at(due.member_id) != due.due_ms:
            _strike_off(due)
            return False
        if queries.reasons_against(due.member_id):
            with_fresh_reads(lambda: _postpone(due, now))
            return False
        if not members.forget_member(due.member_id, due.due_ms, now):
            _strike_off(due)
            return False
    members.forget_rest(due.member_id)
    _forget_parts(due.member_id, now)
    _strike_off(due)
    return True


def _forget_parts(member_id: str, now: datetime) -> None:
    exports.remove_export(member_id)
    ids = members.ids_of(member_id)
    for each in ids:
        catalog.erase_of(each)
        tiers.erase_of(each)
        coupons.erase_of(each)
        earning.erase_of(each)
        campaigns.erase_of(each)
        risk.erase_of(each)
    kept = [*orders.erase_of(member_id), *withdrawals.erase_of(member_id, now)]
    kept += finance.erase_of(each for each in kept if each.startswith("ord_"))
    for each in ids:
        ledger.erase_of(each, now)
        # After the ledger: its last entry is no news for an inbox that is gone.
        notify.erase_of(each)
    for subject in (*ids, *kept):
        audit.forget_reasons(subject)


def _postpone(due: Erasure, now: datetime) -> None:
    later = Erasure(due.member_id, due.asked_ms, to_ms(now) + DAY_MS)
    writes = WriteSet()
    members.mark_for_erasure(writes, due.member_id, later.due_ms, seen_ms=due.due_ms)
    writes.put(ErasureItem.of(later))
    writes.delete(ErasureItem.of(due))
    writes.commit()


def _strike_off(due: Erasure) -> None:
    delete_each([ErasureItem.of(due)])
