"""Withdrawals paid by the bank: finance exports a file and records the bank's results."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.ledger import is_spendable
from chalicelib.withdrawals.actions import effects
from chalicelib.withdrawals.actions.sync import give_back_changed
from chalicelib.withdrawals.actions.withdrawals import decide
from chalicelib.withdrawals.errors import BankFileExists, NothingToExport
from chalicelib.withdrawals.queries import payout_accounts
from chalicelib.withdrawals.queries import withdrawals as queries
from chalicelib.withdrawals.rules import withdrawals as rules
from chalicelib.withdrawals.rules.bank_files import MAX_IN_BANK_FILE, BankFile
from chalicelib.withdrawals.rules.payout_accounts import BANK_KIND
from chalicelib.withdrawals.rules.withdrawals import Withdrawal
from chalicelib.withdrawals.tables.withdrawals import BankFileItem


def make_bank_file(file_id: str, content: bytes, act: Act, now: datetime) -> tuple[BankFile, bool]:
    """Export approved withdrawals to bank accounts, each in one file only: (the file, replayed).

    They are being paid from now on. A frozen member's withdrawal waits. One whose payout account
    has changed is given back to the member.

    Raises NothingToExport, IdempotencyKeyReused.
    """
    author = act.actor.member_id

    def write() -> BankFile:
        ready, changed = _payable_and_changed()
        for seen in changed:
            give_back_changed(seen, now)
        if not ready:
            raise NothingToExport()
        names, total = tuple(each.id for each in ready), sum(each.amount for each in ready)
        made = BankFile(file_id, names, total, config().currency, author, content, to_ms(now))
        writes = WriteSet()
        writes.put_new(BankFileItem.of(made), or_raise=BankFileExists)
        for seen in {each.member_id: each for each in ready}.values():
            effects.check_payable(writes, seen, or_raise=(Moved, Moved))
        for seen in ready:
            after = rules.advance(seen, "pay", author, to_ms(now))
            effects.put(writes, seen, replace(after, bank_file=file_id))
        audit.record(writes, act.changing({}, {"withdrawals": len(ready), "total": made.total}))
        writes.commit()
        return made

    return replay_outranks_refusal(
        write, lambda: replay_of(queries.find_bank_file(file_id), content)
    )


def _payable_and_changed() -> tuple[list[Withdrawal], list[Withdrawal]]:
    """(Payable withdrawals, those whose payout account changed), oldest first, at most a file of
    each.

    Those of frozen members are in neither list and wait.
    """
    ready: list[Withdrawal] = []
    changed: list[Withdrawal] = []
    for some in queries.waiting_for_bank():
        members = {each.member_id for each in some}
        versions = payout_accounts.find_versions(members)
        accounts = effects.rebate_accounts(members)
        for seen in some:
            if is_spendable(accounts[seen.member_id]):
                same = versions.get(seen.member_id) == seen.account_version
                (ready if same else changed).append(seen)
        if len(ready) >= MAX_IN_BANK_FILE:
            break
    return ready[:MAX_IN_BANK_FILE], changed[:MAX_IN_BANK_FILE]


def mark_paid(
    withdrawal_id: str, bank_reference: str, act: Act, now: datetime
) -> tuple[Withdrawal, bool]:
    """Record that the bank has paid a withdrawal; its hold is captured: (withdrawal, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused.
    """

    def change(writes: WriteSet, seen: Withdrawal) -> Withdrawal:
        after = _by_finance(seen, "settle", act, now)
        after = replace(after, bank_reference=bank_reference)
        effects.capture_hold(writes, seen, after, rules.sent_by_bank(seen, to_ms(now)), now)
        return after

    return decide(withdrawal_id, act, change)


def mark_failed(
    withdrawal_id: str, reason: str, act: Act, now: datetime
) -> tuple[Withdrawal, bool]:
    """Record that the bank has not paid a withdrawal; its hold is released: (withdrawal, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused.
    """

    def change(writes: WriteSet, seen: Withdrawal) -> Withdrawal:
        after = replace(_by_finance(seen, "fail", act, now), reason=reason)
        effects.release_hold(writes, seen, after, now)
        return after

    return decide(withdrawal_id, act, change)


def mark_returned(
    withdrawal_id: str, bank_reference: str, reason: str, act: Act, now: datetime
) -> tuple[Withdrawal, bool]:
    """Record that a bank payment was returned; the member has it again: (withdrawal, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused.
    """

    def change(writes: WriteSet, seen: Withdrawal) -> Withdrawal:
        after = _by_finance(seen, "return", act, now)
        after = replace(after, reason=reason, returned=seen.amount, return_reference=bank_reference)
        effects.record_returns(writes, seen, after, [rules.returned_by_bank(seen, to_ms(now))], now)
        return after

    return decide(withdrawal_id, act, change)


def _by_finance(seen: Withdrawal, done: str, act: Act, now: datetime) -> Withdrawal:
    """The next state of a withdrawal that is paid by the bank.

    Raises NotAllowedInThisState.
    """
    if seen.kind != BANK_KIND or seen.bank_file is None:
        raise rules.not_allowed(seen)
    return rules.advance(seen, done, act.actor.member_id, to_ms(now))
