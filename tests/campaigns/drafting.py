"""Campaigns by the staff's routes in tests: each is ended again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.kernel import ids
from tests.api import Answer, new_key, token
from tests.world import World

PATH, MEMBERS = "/v1/admin/campaigns", "/v1/admin/members"
# Every cost is known and small: nobody else has to approve it.
REDUCTION: dict[str, Any] = {
    "kind": "full_reduction",
    "title": {"zh-CN": "周末满减", "en": "Weekend reduction"},
    "effect": {"full_reduction": {"unit": "points", "steps": [{"at_least": 1000, "off": 100}]}},
    "budget": {"points": 50000},
}
DOUBLE: dict[str, Any] = {
    "kind": "multiplier",
    "title": {"zh-CN": "双倍积分", "en": "Double points"},
    "effect": {"multiplier": {"percent": 200}},
    "budget": {"points": 10000},
}


def staff(role: str = "ops") -> str:
    """A token of somebody of the staff, of today: a test may last for days."""
    return token(ids.new_id("mbr"), role)


def drafted(world: World, draft: Any = REDUCTION, **given: Any) -> Any:
    """The answer to a new draft."""
    made = world.api.post(PATH, {**draft, **given}, as_=staff(), key=new_key())
    assert made.status == 201, made.body
    return made.body


def act(world: World, campaign: Any, name: str, **other: Any) -> Answer:
    asked = {"as_": staff(), "headers": {"If-Match": str(campaign["version"])}, **other}
    return world.api.post(f"{PATH}/{campaign['id']}/{name}", **asked)


def shown(world: World, campaign: Any) -> Any:
    return world.api.get(f"{PATH}/{campaign['id']}", as_=staff()).body


def changed(world: World, campaign: Any, **given: Any) -> Answer:
    headers = {"If-Match": str(campaign["version"])}
    return world.api.patch(f"{PATH}/{campaign['id']}", given, as_=staff(), headers=headers)


def tagged(world: World, member_id: str, *tags: str, role: str = "ops") -> Answer:
    """The answer to giving a member these tags."""
    path = f"{MEMBERS}/{member_id}/tags"
    return world.api.request("PUT", path, {"tags": list(tags)}, as_=staff(role))


@contextmanager
def live(world: World, *drafts: Any) -> Iterator[list[Any]]:
    """These campaigns, drafted and published, for as long as the block lasts."""
    made = []
    for each in drafts:
        campaign = act(world, drafted(world, **each), "publish").body
        if campaign["status"] == "waiting_for_approval":
            campaign = act(world, campaign, "approve").body
        assert campaign["status"] == "live", campaign
        made.append(campaign)
    try:
        yield made
    finally:
        for each in made:
            now = shown(world, each)
            if now["live"]:
                assert act(world, now, "end").status == 200
