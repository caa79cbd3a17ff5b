"""The ledger's functions: the relay of its stream, and what time makes necessary."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate

from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.facts import Fact
from chalicelib.kernel.streams import Change, relay, source_arn
from chalicelib.kernel.tables import from_stream
from chalicelib.ledger.actions import sweeps
from chalicelib.ledger.rules import Account
from chalicelib.ledger.tables import EntryItem
from chalicelib.ledger.views import entry_id

events = Blueprint(__name__)


@events.on_dynamodb_record(stream_arn=source_arn("ledger"), name="ledger_relay")
def ledger_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event.to_dict(), facts_of)


@events.schedule(Rate(1, unit=Rate.HOURS), name="expire_points")
def expire_points(_: CloudWatchEvent) -> dict[str, int]:
    """Write down what has lapsed: breakage. No point was spendable since its instant."""
    return {"expired": sweeps.expire_accounts(clock.now())}


@events.schedule(Rate(1, unit=Rate.HOURS), name="remind_expiry")
def remind_expiry(_: CloudWatchEvent) -> dict[str, int]:
    """Remind members of points that lapse soon, once for each lot and number of days."""
    return {"reminded": sweeps.remind_accounts(clock.now())}


@events.schedule(Rate(5, unit=Rate.MINUTES), name="sweep_holds")
def sweep_holds(_: CloudWatchEvent) -> dict[str, int]:
    """Time out holds, unlock pending points, return gifts that nobody claimed."""
    return {"settled": sweeps.settle_waiting(clock.now())}


def facts_of(change: Change) -> list[Fact]:
    """A fact for each entry put; accounts change with their entries and tell nothing more."""
    _, sort_key = change.keys
    if change.after is None or change.before is not None or not sort_key.startswith("ENT#"):
        return []
    entry = from_stream(EntryItem, change.after).value()
    account = Account(entry.account_id)
    data = {
        "member_id": account.member_id, "unit": account.unit, "entry_id": entry_id(entry),
        "seq": entry.seq, "type": entry.type, "points": entry.points,
        "balance_after": entry.balance_after, "source": entry.source,
    }  # fmt: skip
    return [Fact(entry_id(entry), "ledger.entry", rfc3339_ms(entry.recorded_at_ms), data)]
