"""A shop's events in tests: accounts before and after, and registrations."""

from __future__ import annotations

from typing import Any

from chalicelib import ledger
from chalicelib.earning import events, queries
from chalicelib.kernel import clock
from chalicelib.ledger import Account
from chalicelib.members.actions.registrations import enrol
from chalicelib.members.queries import destination_of, identity_hash
from tests.facts import made
from tests.world import World


def account_of(member_id: str) -> Account:
    return ledger.find_account(ledger.points_account(member_id))


def entries_of(member_id: str) -> int:
    return account_of(member_id).seq


def claim(phone: str, member_id: str) -> None:
    """Let the consumer of a registration see it."""
    data = {"member_id": member_id, "identity": identity_hash(phone=phone)}
    events.claim_waiting(made("x", "member.identity_added", "", data))


def register(phone: str) -> str:
    """The id of a newly registered member, after the consumer of that fact."""
    member_id = enrol(destination_of(phone=phone), roles=(), now=clock.now())
    claim(phone, member_id)
    return member_id


def with_data(event: Any, **data: Any) -> Any:
    return {**event, "data": {**event["data"], **data}}


def sent(world: World, event: Any, **signing: Any) -> Any:
    """The answer to an event that is accepted."""
    answer = world.event(event, **signing)
    assert answer.status == 200, answer.body
    return answer.body


def points_of(answer: Any) -> list[int]:
    return [entry["points"] for entry in answer["entries"]]


def why(answer: Any) -> tuple[str, int, str]:
    """(status, points, reason) of an answer."""
    (explained,) = answer["explain"]
    return answer["status"], explained["points"], explained["reason"]


def refunded_of(payment: Any) -> int:
    """The amount that the refunds of a payment gave back, in minor units."""
    return queries.find_order("shop-1", payment["data"]["order_id"]).refunded or 0
