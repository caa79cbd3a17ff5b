"""The relay of the members table's stream: changes become facts."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, DynamoDBEvent

from chalicelib.kernel import clock
from chalicelib.kernel.store import streams
from chalicelib.kernel.store.facts import Fact, FactData
from chalicelib.kernel.store.streams import Change
from chalicelib.kernel.store.tables import from_stream
from chalicelib.members.facts import (
    BirthdayTold,
    IdentityAdded,
    MemberRegistered,
    MembersJoined,
    NewDevice,
    SignedIn,
)
from chalicelib.members.rules.devices import name_of
from chalicelib.members.tables.items import SESSION, SessionItem
from chalicelib.members.tables.merging import ALIAS, MergedItem

events = Blueprint(__name__)


@events.on_dynamodb_record(stream_arn=streams.source_arn("members"), name="members_relay")
def members_relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Publish registrations, merges, new identities, told birthdays, and logins."""
    return streams.relay(event, facts_of)


def facts_of(change: Change) -> list[Fact[Any]]:
    """The facts of a change: of a member, their identities, birthday and logins; or nothing."""
    pk, sk = change.keys
    if change.before is not None and change.after is not None and sk == "PROFILE":
        return _birthday_facts(pk.removeprefix("MBR#"), change.before, change.after)
    if change.before is not None or change.after is None:
        return []
    if sk == "PROFILE":
        member_id = pk.removeprefix("MBR#")
        told = change.after.get("referred_by", {}).get("S")
        registered = MemberRegistered(member_id=member_id, referred_by=told)
        return [_fact(member_id, change.after, registered)]
    if sk == "IDENTITY":
        identity = pk.removeprefix("IDN#")
        data = IdentityAdded(member_id=change.after["member_id"]["S"], identity=identity)
        # An identity may be unlinked and linked again: each time is its own fact.
        name = f"{identity}:{change.after['created_at']['N']}"
        return [_fact(name, change.after, data)]
    if sk == ALIAS:
        return [_merged(from_stream(MergedItem, change.after))]
    return _signed_in(change.after) if sk.startswith(SESSION) else []


def _birthday_facts(
    member_id: str, before: dict[str, Any], after: dict[str, Any]
) -> list[Fact[Any]]:
    if before.get("birthday") == after.get("birthday"):
        return []
    told_at = after.get("birthday_told_at", after["created_at"])
    data = BirthdayTold(member_id=member_id)
    name = f"{data.TYPE}:{member_id}:{told_at['N']}"
    return [Fact.of(name, clock.rfc3339_ms(int(told_at["N"])), data)]


def _merged(left: MergedItem) -> Fact[MembersJoined]:
    data = MembersJoined(member_id=left.merged_into, merged_id=left.pk.removeprefix("MBR#"))
    return Fact.of(f"{data.TYPE}:{data.merged_id}", clock.rfc3339_ms(left.merged_at), data)


def _signed_in(image: dict[str, Any]) -> list[Fact[Any]]:
    """The fact of a login, and that it was on a new device if it was."""
    session: SessionItem = from_stream(SessionItem, image)
    member_id = session.pk.removeprefix("MBR#")
    device = session.device.hex() if session.device else None
    login = SignedIn(member_id=member_id, device=device, network=session.network)
    told = [_fact(session.id, image, login)]
    if session.is_new:
        told.append(_fact(session.id, image, _new_device(member_id, session)))
    return told


def _new_device(member_id: str, session: SessionItem) -> NewDevice:
    return NewDevice(
        member_id=member_id,
        session_id=session.id,
        device=name_of(session.user_agent or ""),
        at=clock.rfc3339_ms(session.created_at),
        network=session.network,
    )


def _fact(name: str, image: dict[str, Any], data: FactData) -> Fact[Any]:
    occurred_at = clock.rfc3339_ms(int(image["created_at"]["N"]))
    return Fact.of(f"{data.TYPE}:{name}", occurred_at, data)
