"""Transfers between accounts, at once or through escrow; both sides in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import IdempotencyKeyReused, Moved
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads
from chalicelib.ledger import queries, rules
from chalicelib.ledger.actions.drafts import Draft
from chalicelib.ledger.errors import EntryExists, TransferToSelf
from chalicelib.ledger.rules import Cause, Entry, TransferLimits
from chalicelib.ledger.rules.lots import negative
from chalicelib.ledger.rules.transfers import Escrow, transfer_reference
from chalicelib.ledger.tables import EscrowItem


def _limits() -> TransferLimits:
    settings = config().ledger
    return TransferLimits(
        settings.transfer_points_at_once, settings.transfer_points_a_day, settings.transfers_a_day
    )


def transfer(
    account_id: str, to_account_id: str, points: int, cause: Cause, now: datetime
) -> tuple[Entry, bool]:
    """Send points to another account, each lot with its expiry: (the sender's entry, replayed).

    Both entries have the cause with its note.

    Raises InsufficientPoints, AccountFrozen, UnitMismatch, TransferLimitReached, TransferToSelf,
    IdempotencyKeyReused.
    """

    def write() -> Entry:
        if account_id == to_account_id:
            raise TransferToSelf()
        writes = WriteSet()
        sender = Draft(queries.find_account(account_id), now)
        sent = _send(sender, points, cause)
        # Read last: a refusal takes the same time whether or not the receiver is there.
        receiver = Draft(queries.find_account(to_account_id), now)
        given = negative(sent.lots)
        receiver.add(rules.receive(receiver.account, given, cause, receiver.now_ms))
        sender.record(writes)
        receiver.record(writes)
        writes.commit()
        return sent

    return replay_outranks_refusal(write, lambda: _sent(account_id, cause))


def transfer_to_escrow(
    account_id: str, claimant: str, recipient: bytes, points: int, cause: Cause, now: datetime
) -> tuple[Entry, bool]:
    """Send points to escrow for a future `claimant`: (the sender's entry, replayed).

    They go back after some days. `recipient` is the sealed phone or e-mail to notify.

    Raises InsufficientPoints, AccountFrozen, UnitMismatch, TransferLimitReached,
    IdempotencyKeyReused.
    """

    def write() -> Entry:
        writes = WriteSet()
        sender = Draft(queries.find_account(account_id), now)
        sent = _send(sender, points, cause)
        sender.record(writes)
        until = now + timedelta(days=config().ledger.transfer_escrow_days)
        transfer_id = cause.reference.removeprefix(transfer_reference(""))
        made = Escrow(
            claimant,
            transfer_id,
            account_id,
            negative(sent.lots),
            int(until.timestamp()),
            recipient,
        )
        writes.put_new(EscrowItem.of(made), or_raise=EntryExists)
        writes.commit()
        return sent

    return replay_outranks_refusal(write, lambda: _sent(account_id, cause))


def claim_gift(escrow: Escrow, account_id: str, now: datetime) -> Entry | None:
    """Pay an escrow out to an account; None if it was returned or paid to another.

    Points that lapsed in escrow arrive lapsed. The sender's source and note come with them.
    """

    def write() -> Entry | None:
        receiver = Draft(queries.find_account(account_id), now)
        if queries.find_escrow(escrow.claimant, escrow.transfer_id) is None:
            return None
        writes = WriteSet()
        sent = _sent_to(escrow)
        cause = Cause(sent.reference, sent.source, receiver.now_ms, note=sent.note)
        entry = receiver.add(rules.receive(receiver.account, escrow.lots, cause, receiver.now_ms))
        receiver.record(writes, or_raise=Moved)
        _take_out(writes, escrow)
        writes.commit()
        return entry

    made = with_fresh_reads(write)
    return made or queries.find_entry(account_id, transfer_reference(escrow.transfer_id))


def return_gift(escrow: Escrow, now: datetime, *, early: bool = False) -> Entry | None:
    """Return an escrow to its sender when its time is over, or `early`.

    None if its time is not over, or it was claimed.
    """
    if not early and escrow.expires_at * 1000 > to_ms(now):
        return None

    def write() -> Entry | None:
        sender = Draft(queries.find_account(escrow.account_id), now)
        if queries.find_escrow(escrow.claimant, escrow.transfer_id) is None:
            return None
        writes = WriteSet()
        sent = _sent_to(escrow)
        cause = Cause(sent.reference, sent.reference, sender.now_ms)
        entry = sender.add(rules.reverse(sender.account, sent, cause, sender.now_ms))
        sender.record(writes, or_raise=Moved)
        _take_out(writes, escrow)
        writes.commit()
        return entry

    reference = rules.reversal_of(transfer_reference(escrow.transfer_id))
    return with_fresh_reads(write) or queries.find_entry(escrow.account_id, reference)


def _send(sender: Draft, points: int, cause: Cause) -> Entry:
    day = clock.program_day(clock.from_ms(sender.now_ms)).toordinal()
    change = rules.send(sender.account, points, _limits(), day, cause, sender.now_ms)
    return sender.add(change)


def _sent(account_id: str, cause: Cause) -> Entry | None:
    found = queries.find_entry(account_id, cause.reference)
    if found is not None and found.content != cause.content:
        raise IdempotencyKeyReused()
    return found


def _sent_to(escrow: Escrow) -> Entry:
    sent = queries.find_entry(escrow.account_id, transfer_reference(escrow.transfer_id))
    assert sent is not None, "every escrow has its sender's entry"
    return sent


def _take_out(writes: WriteSet, escrow: Escrow) -> None:
    writes.delete(EscrowItem.of(escrow), condition=EscrowItem.pk.exists(), or_raise=Moved)
