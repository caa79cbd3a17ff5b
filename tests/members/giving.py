"""Gifts in tests, and the accounts, escrows and facts after them."""

from __future__ import annotations

import base64
from typing import Any

from chalicelib import ledger, members
from chalicelib.kernel import clock
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.streams import Change
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import Account, Entry
from chalicelib.ledger.events import facts_of
from chalicelib.ledger.tables import account_key, escrow_key
from chalicelib.members.actions.registrations import enrol
from chalicelib.members.queries import destination_of
from infra.local.resources import dynamodb_client
from tests.api import Answer, Api, new_key, token
from tests.facts import made
from tests.ledger.books import entries_of, sound

PATH = "/v1/me/points/transfers"


def give(
    api: Api,
    sender: str,
    to: dict[str, str],
    points: Any = 100,
    *,
    key: str | None = None,
    **more: Any,
) -> Answer:
    body = {"to": to, "points": points, **more}
    return api.post(PATH, body, as_=token(sender), key=key or new_key())


def register(**destination: str) -> str:
    """Register a member with a phone or an e-mail; return their id."""
    return enrol(destination_of(**destination), roles=(), now=clock.now())


def registered(**destination: str) -> Fact:
    """The fact of a registration."""
    identity = members.identity_hash(**destination)
    data = {"member_id": "mbr_1", "identity": identity}
    return made(f"added:{new_key()}", "member.identity_added", "2026-11-21T08:00:00Z", data)


def points_of(member: str) -> Account:
    """A member's account, proven from its entries."""
    return sound(ledger.points_account(member))


def history(member: str) -> list[Entry]:
    return entries_of(ledger.points_account(member))


def books(*people: str) -> list[tuple[Account, list[Entry]]]:
    """Accounts and entries of these members, to compare."""
    return [(points_of(member), history(member)) for member in people]


def waiting(**destination: str) -> list[ledger.Escrow]:
    return ledger.escrows_of(members.identity_hash(**destination))


def freeze(member: str) -> None:
    writes = WriteSet()
    ledger.set_status(writes, member, ledger.FROZEN, clock.now())
    writes.commit()


def facts(engine: str, *, member: str | None = None, identity: str | None = None) -> list[Fact]:
    """The facts that the ledger's relay makes of a member's entries or an identity's escrows."""
    key = account_key(ledger.points_account(member)) if member else escrow_key(identity or "")
    found = dynamodb_client(engine).query(
        TableName="jifen-dev-ledger",
        ConsistentRead=True,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": key}},
    )["Items"]
    made = [fact for item in found for fact in facts_of(Change("1", None, _image(item)))]
    return sorted(made, key=lambda fact: getattr(fact.data, "seq", 0))


def _image(item: dict[str, Any]) -> dict[str, Any]:
    """An item as a stream record shows it: bytes as base64."""
    return {
        name: {"B": base64.b64encode(value["B"]).decode()} if "B" in value else value
        for name, value in item.items()
    }
