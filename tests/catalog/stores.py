"""Stores and slots, as ops make them over the API."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel import clock
from tests.api import Answer, new_key, token
from tests.world import World

HOURS = [{"days": [1, 2, 3, 4, 5, 6, 7], "opens": "09:00", "closes": "21:00"}]


def ops() -> str:
    """A token of ops that is good now, however far the clock has moved."""
    return token("mbr_ops", "ops")


def store_body(**other: Any) -> dict[str, Any]:
    return {
        "title": {"zh-CN": "南京东路店", "en": "Nanjing Road East"},
        "city": {"zh-CN": "上海", "en": "Shanghai"},
        "address": {"zh-CN": "南京东路 1 号", "en": "1 Nanjing Road East"},
        "hours": HOURS,
        **other,
    }


def new_store(world: World, **other: Any) -> Any:
    made = world.api.post("/v1/admin/stores", store_body(**other), as_=ops(), key=new_key())
    assert made.status == 201, made.body
    return made.body


def soon(**ahead: float) -> datetime:
    """A whole minute to come: two days ahead if silent."""
    at = clock.now() + (timedelta(**ahead) if ahead else timedelta(days=2))
    return at.replace(second=0, microsecond=0)


def make_slots(world: World, product_id: str, key: str | None = None, **other: Any) -> Answer:
    body = {
        "product_id": product_id,
        "starts_at": clock.rfc3339(soon()),
        "minutes": 60,
        "capacity": 2,
        **other,
    }
    return world.api.post("/v1/admin/slots", body, as_=ops(), key=key or new_key())


def new_slot(world: World, product_id: str, **other: Any) -> Any:
    made = make_slots(world, product_id, **other)
    assert made.status == 201, made.body
    return made.body["data"][0]


def slots_of(world: World, product_id: str, **query: str) -> list[Any]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    found = world.api.get(f"/v1/products/{product_id}/slots?limit=100&{asked}")
    assert found.status == 200, found.body
    data: list[Any] = found.body["data"]
    return data


def left_of(slot_id: str) -> int:
    from chalicelib.catalog.queries.slots import get_slot

    return get_slot(slot_id).left
