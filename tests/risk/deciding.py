"""The staff's looks at cases of risk, and decisions on them."""

from __future__ import annotations

from typing import Any

from chalicelib import ledger
from tests.api import Answer, new_key
from tests.ledger.books import sound
from tests.world import World

PATH = "/v1/admin/risk/cases"


def account(member: str) -> Any:
    return sound(ledger.points_account(member))


def shown(world: World, member: str) -> Any:
    return world.api.get(f"{PATH}/{member}", as_=world.ops).body


def decide(world: World, member: str, what: str, **other: Any) -> Answer:
    given = {"as_": world.ops, "key": new_key(), **other}
    body = given.pop("body", {"reason": "核实"})
    return world.api.post(f"{PATH}/{member}/{what}", body, **given)


def by_hand(world: World, member: str, what: str) -> Answer:
    path = f"/v1/admin/members/{member}/{what}"
    return world.api.post(path, {"reason": "x"}, as_=world.ops, key=new_key())


def listed(world: World, state: str) -> list[str]:
    rows = world.api.listed(f"{PATH}?state={state}", as_=world.ops)
    return [each["member_id"] for each in rows]
