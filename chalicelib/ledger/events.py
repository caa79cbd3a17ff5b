"""The ledger's functions: the relay of its stream, schedules and the queue of verifications."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from time import monotonic
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.store.facts import Fact, Handlers
from chalicelib.kernel.store.queues import consume
from chalicelib.kernel.store.streams import Change, relay, source_arn
from chalicelib.kernel.store.tables import from_stream
from chalicelib.ledger.actions import sweeps, totals, verification
from chalicelib.ledger.facts import (
    AccountStatusChanged,
    EntryRecorded,
    TransferEscrowed,
    VerificationUnfinished,
)
from chalicelib.ledger.rules import Account, Entry
from chalicelib.ledger.rules.accounts import TRANSFER_IN, entry_id
from chalicelib.ledger.rules.jobs import Part
from chalicelib.ledger.rules.transfers import Escrow
from chalicelib.ledger.tables import PART, STATUS, EntryItem, EscrowItem, PartItem, StatusItem

events = Blueprint(__name__)

# Well below the functions' time-outs, which `.chalice/config.json` sets.
WALKING_S, CLOSING_S = 45, 45


@events.on_dynamodb_record(stream_arn=source_arn("ledger"), name="ledger_relay")
def ledger_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event, facts_of)


@events.schedule(Rate(1, unit=Rate.HOURS), name="expire_points")
def expire_points(_: CloudWatchEvent) -> dict[str, int]:
    """Record lapsed points as breakage. A lapsed point is not spendable even before that."""
    return {"expired": sweeps.expire_accounts(clock.now())}


@events.schedule(Rate(1, unit=Rate.HOURS), name="remind_expiry")
def remind_expiry(_: CloudWatchEvent) -> dict[str, int]:
    """Remind members of points that lapse soon, once for each lot and number of days."""
    return {"reminded": sweeps.remind_accounts(clock.now())}


@events.schedule(Rate(5, unit=Rate.MINUTES), name="sweep_holds")
def sweep_holds(_: CloudWatchEvent) -> dict[str, int]:
    """Time out holds, unlock pending points, return unclaimed gifts."""
    return {"settled": sweeps.end_waiting(clock.now())}


@events.schedule(Rate(1, unit=Rate.DAYS), name="verify_ledger")
def verify_ledger(_: CloudWatchEvent) -> dict[str, str]:
    """Start a job that verifies every account, unless one is running."""
    return {"job_id": verification.start_verification(clock.now())}


@events.on_sqs_message(queue=config().queue("verifications"), name="verify_segments", batch_size=1)
def verify_segments(event: SQSEvent) -> dict[str, Any]:
    """Walk a part of a verification for a while; another message continues it."""
    return consume(event.to_dict(), HEARD)


@events.schedule(Rate(1, unit=Rate.HOURS), name="close_days")
def close_days(_: CloudWatchEvent) -> dict[str, int]:
    """Record the totals of the program's days that are over."""
    return {"closed": totals.close_days(clock.now(), _enough_after(CLOSING_S))}


def _verify(fact: Fact[VerificationUnfinished]) -> None:
    told = fact.data
    verification.continue_part(told.job_id, told.part, told.round, _enough_after(WALKING_S))


HEARD: Handlers = {VerificationUnfinished: _verify}


def _enough_after(seconds: int) -> Callable[[], bool]:
    until = monotonic() + seconds
    return lambda: monotonic() > until


def facts_of(change: Change) -> list[Fact[Any]]:
    """A fact for each new entry, escrow and status, and each unfinished part of a job.

    An account's own change is no fact: its entries are.
    """
    key, sort_key = change.keys
    if change.after is not None and sort_key.startswith(PART):
        return _unfinished(from_stream(PartItem, change.after).value())
    if change.after is None or change.before is not None:
        return []
    if key.startswith("ESC#"):
        return [_escrowed(from_stream(EscrowItem, change.after).value())]
    if sort_key.startswith("ENT#"):
        return [_recorded(from_stream(EntryItem, change.after).value())]
    if sort_key.startswith(STATUS):
        return [_status(from_stream(StatusItem, change.after))]
    return []


def _recorded(entry: Entry) -> Fact[EntryRecorded]:
    account = Account(entry.account_id)
    note = entry.note if entry.type == TRANSFER_IN else None
    data = shaped(
        EntryRecorded,
        entry,
        member_id=account.member_id,
        unit=account.unit,
        entry_id=entry_id(entry),
        moved=entry.effect.from_outside,
        note=b64encode(note).decode() if note else None,
    )
    return Fact.of(data.entry_id, rfc3339_ms(entry.recorded_at_ms), data)


def _status(item: StatusItem) -> Fact[AccountStatusChanged]:
    account, at_ms = Account(item.pk.removeprefix("ACC#")), int(item.sk.removeprefix(STATUS))
    data = AccountStatusChanged(member_id=account.member_id, unit=account.unit, status=item.status)
    return Fact.of(f"{data.TYPE}:{account.id}:{at_ms}", rfc3339_ms(at_ms), data)


def _escrowed(escrow: Escrow) -> Fact[TransferEscrowed]:
    """A gift for an unregistered receiver, whose identity is hashed and recipient sealed."""
    sent_at_s = escrow.expires_at - config().ledger.transfer_escrow_days * 86_400
    data = shaped(
        TransferEscrowed,
        escrow,
        identity=escrow.claimant,
        recipient=b64encode(escrow.recipient).decode(),
        expires_at=rfc3339_ms(escrow.expires_at * 1000),
    )
    return Fact.of(f"transfer.escrowed:{escrow.transfer_id}", rfc3339_ms(sent_at_s * 1000), data)


def _unfinished(part: Part) -> list[Fact[VerificationUnfinished]]:
    if part.is_done:
        return []
    data = VerificationUnfinished(job_id=part.job_id, part=part.number, round=part.round)
    name = f"{part.job_id}:{part.number}:{part.round}"
    return [Fact.of(name, rfc3339_ms(part.saved_at_ms), data)]
