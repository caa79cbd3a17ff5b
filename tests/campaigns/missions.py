"""Missions for tests: as ops define them, and the purchases that they count."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from chalicelib.campaigns import PurchaseChanged
from chalicelib.campaigns.events import HEARD
from chalicelib.campaigns.rules.purchases import PAID, Bought, Purchase
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.facts import Fact, handle
from tests.api import Answer, Api, new_key, token

MISSIONS = "/v1/admin/missions"


def ops() -> str:
    return token("mbr_opsopsopsopsopsopsopsopsop", "ops")


def draft(**changes: Any) -> dict[str, Any]:
    return {
        "title": {"zh-CN": "三单", "en": "Three orders"},
        "goal": {"metric": "orders", "count": 3},
        "reward": {"kind": "points", "amount": 100},
        "period": "month",
        **changes,
    }


def create(api: Api, **changes: Any) -> dict[str, Any]:
    made = api.post(MISSIONS, draft(**changes), as_=ops(), key=new_key())
    assert made.status == 201, made.body
    return dict(made.body)


def act(api: Api, mission: dict[str, Any], name: str) -> Answer:
    headers = {"If-Match": str(mission["version"])}
    return api.post(f"{MISSIONS}/{mission['id']}/{name}", as_=ops(), headers=headers)


def publish(api: Api, time: Any, **changes: Any) -> dict[str, Any]:
    """A mission that counts by now."""
    made = act(api, create(api, **changes), "publish")
    assert made.status == 200, made.body
    time.advance(seconds=11)
    return dict(made.body)


def end(api: Api, mission: dict[str, Any]) -> None:
    assert act(api, mission, "end").status == 200


def purchase(member: str, **changes: Any) -> Purchase:
    line = Bought("CUP", "prd_unknown", 2, 2, points=800, cash=1980)
    made = Purchase(
        order_id=ids.new_id("ord"),
        member_id=member,
        version=1,
        at_ms=clock.to_ms(clock.now()),
        state=PAID,
        kind="physical",
        lines=(line,),
        points=800,
        cash=1980,
    )
    return replace(made, **changes)


def tell(told: Purchase) -> Purchase:
    data, at = PurchaseChanged(purchase=told), clock.rfc3339(clock.now())
    handle(Fact.of(f"{data.TYPE}:{told.order_id}:{told.version}", at, data), HEARD)
    return told


def undone(told: Purchase) -> Purchase:
    return replace(told, version=told.version + 5, state="undone", lines=(), points=0, cash=0)


def mine(api: Api, member: str, mission: dict[str, Any]) -> dict[str, Any]:
    found = api.get("/v1/me/missions", as_=token(member)).body["data"]
    return next(each for each in found if each["id"] == mission["id"])


def claim(api: Api, member: str, mission: dict[str, Any], key: str = "", **body: Any) -> Answer:
    path = f"/v1/me/missions/{mission['id']}/claims"
    return api.post(path, body, as_=token(member), key=key or new_key())
