"""Earning rules by the staff's routes in tests: each is retired again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.kernel import ids
from tests.api import Answer, new_key, token
from tests.earning.rules.drafts import PLAIN
from tests.world import World, paid

PATH = "/v1/admin/earning-rules"


def ops() -> str:
    """A token of today: a test may last for days."""
    return token(ids.new_id("mbr"), "ops")


def drafted(world: World, **given: Any) -> Any:
    """The answer to a new draft."""
    made = world.api.post(PATH, {**PLAIN, **given}, as_=ops(), key=new_key())
    assert made.status == 201, made.body
    return made.body


def act(world: World, rule: Any, name: str, **other: Any) -> Answer:
    headers = {"If-Match": str(rule["version"])}
    return world.api.post(f"{PATH}/{rule['id']}/{name}", as_=ops(), headers=headers, **other)


def shown(world: World, rule: Any) -> Any:
    return world.api.get(f"{PATH}/{rule['id']}", as_=ops()).body


@contextmanager
def in_force(world: World, *rules: Any) -> Iterator[list[Any]]:
    """These rules, drafted and published, for as long as the block lasts."""
    made = [act(world, drafted(world, **each), "publish") for each in rules]
    assert [each.status for each in made] == [200] * len(rules), [each.body for each in made]
    try:
        yield [each.body for each in made]
    finally:
        for each in made:
            now = shown(world, each.body)
            if now["status"] == "published":
                assert act(world, now, "retire").status == 200


def of_sku(sku: str, *tests: Any) -> Any:
    """A condition that the orders with one SKU alone meet."""
    here = {"field": "event.skus", "op": "contains", "value": sku}
    return {"all": [here, *tests]} if tests else here


def bought(phone: str, *items: tuple[str, int], **other: Any) -> Any:
    """An `order.paid` of goods: (SKU, amount)."""
    told = [
        {"sku": sku, "amount": amount, "quantity": 1, "category": sku.split("-")[0]}
        for sku, amount in items
    ]
    event = paid(phone, amount=sum(amount for _, amount in items), **other)
    event["data"]["items"] = told
    return event


def gave(answer: Any) -> dict[str, tuple[int, str]]:
    """The explanation of an answer: by rule, its points and its reason."""
    return {each["rule_id"]: (each["points"], each["reason"]) for each in answer["explain"]}
