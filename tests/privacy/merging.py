"""Two accounts of one person, and the staff who merge them."""

from __future__ import annotations

from typing import Any

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.members import Pair
from chalicelib.privacy.actions.merging import run_merge
from tests.api import Answer, new_key, token
from tests.ledger.books import sound
from tests.world import World

STAFF = ids.new_id("mbr")
UNITS = tuple(ledger.UNITS)


def merge(world: World, member: str, into: str, **asked: Any) -> Answer:
    """Merge, and let the schedule do the rest of it at once."""
    answer = ask_merge(world, member, into, **asked)
    run_merge(Pair(member, into), clock.now())
    return answer


def ask_merge(
    world: World,
    member: str,
    into: str,
    *,
    role: str = "ops",
    key: str | None = None,
    reason: str = "same person",
    by: str = STAFF,
) -> Answer:
    return world.api.post(
        f"/v1/admin/members/{member}/merge",
        {"into": into, "reason": reason},
        as_=token(by, role),
        key=key or new_key(),
    )


def seen(world: World, member: str, path: str = "", role: str = "ops") -> Answer:
    return world.api.get(f"/v1/admin/members/{member}{path}", as_=token(STAFF, role))


def books(*members: str) -> dict[str, int]:
    """What these members have and owe in each unit, all accounts proven."""
    found = dict.fromkeys(UNITS, 0)
    for member in members:
        for unit in UNITS:
            account = sound(ledger.account_of(member, unit))
            found[unit] += account.posted + account.held + account.pending - account.debt
    return found


def acts_on(world: World, member: str) -> list[dict[str, Any]]:
    answer = world.api.get(f"/v1/admin/audit?subject={member}", as_=token(STAFF, "ops"))
    acts: list[dict[str, Any]] = answer.body["data"]
    return acts


def available(member: str, unit: str = "points") -> int:
    account = ledger.find_account(ledger.account_of(member, unit))
    return account.available(clock.to_ms(clock.now()))


def found(world: World, external_id: str) -> list[str]:
    """Who has this id in the CRM."""
    answer = world.api.get(
        f"/v1/admin/members?system=crm&external_id={external_id}", as_=token(STAFF, "agent")
    )
    return [each["id"] for each in answer.body["data"]]
