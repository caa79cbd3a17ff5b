"""The ladder by its route, as ops write it."""

from __future__ import annotations

from typing import Any

from tests.api import Answer
from tests.world import World

TITLE = {"zh-CN": "会员", "en": "Member"}


def put(world: World, body: Any, version: int, as_: str | None = None) -> Answer:
    headers = {"If-Match": str(version)}
    return world.api.put("/v1/admin/tiers", body, as_=as_ or world.ops, headers=headers)
