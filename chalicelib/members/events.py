"""The relay of the members table's stream: changes become facts."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, DynamoDBEvent

from chalicelib.kernel import clock
from chalicelib.kernel.store import streams
from chalicelib.kernel.store.facts import Fact, FactData
from chalicelib.kernel.store.streams import Change
from chalicelib.members.facts import IdentityAdded, MemberRegistered

events = Blueprint(__name__)


@events.on_dynamodb_record(stream_arn=streams.source_arn("members"), name="members_relay")
def members_relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Publish registrations and linked phones, e-mails and external ids."""
    return streams.relay(event, facts_of)


def facts_of(change: Change) -> list[Fact[Any]]:
    """The facts of a change: a new member, a new identity, or nothing."""
    if change.before is not None or change.after is None:
        return []
    pk, sk = change.keys
    if sk == "PROFILE":
        member_id = pk.removeprefix("MBR#")
        return [_fact(member_id, change.after, MemberRegistered(member_id=member_id))]
    if sk == "IDENTITY":
        identity = pk.removeprefix("IDN#")
        data = IdentityAdded(member_id=change.after["member_id"]["S"], identity=identity)
        # An identity may be unlinked and linked again: each time is its own fact.
        name = f"{identity}:{change.after['created_at']['N']}"
        return [_fact(name, change.after, data)]
    return []


def _fact(name: str, image: dict[str, Any], data: FactData) -> Fact[Any]:
    occurred_at = clock.rfc3339_ms(int(image["created_at"]["N"]))
    return Fact.of(f"{data.TYPE}:{name}", occurred_at, data)
