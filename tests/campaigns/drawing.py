"""Lotteries in tests over HTTP: drafted and published by ops, drawn by members."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.campaigns.actions import draws
from chalicelib.campaigns.queries import lotteries as queries
from chalicelib.kernel import clock, ids
from chalicelib.kernel.clock import rfc3339
from tests.api import Answer, Api, new_key, token

TITLE = {"zh-CN": "转盘", "en": "Wheel"}
THANKS = {"kind": "thanks", "title": TITLE}


def points_prize(odds: int, stock: int = 100, points: int = 50) -> dict[str, Any]:
    return {"kind": "points", "title": TITLE, "odds": odds, "stock": stock, "points": points}


def prizes(*won: dict[str, Any]) -> list[dict[str, Any]]:
    """These prizes, and nothing for the rest of the tickets."""
    return [*won, {**THANKS, "odds": 1_000_000 - sum(each["odds"] for each in won)}]


def draft(**other: Any) -> dict[str, Any]:
    now = clock.now()
    valid = {
        "from": rfc3339(now - timedelta(minutes=1)),
        "until": rfc3339(now + timedelta(days=3)),
    }
    known = {"title": TITLE, "prizes": prizes(points_prize(500_000)), "price_points": 10}
    return {**known, "valid": valid, **other}


class Office:
    """Ops who run lotteries."""

    def __init__(self, api: Api) -> None:
        self.api, self._id = api, ids.new_id("mbr")

    @property
    def ops(self) -> str:
        """A token of now: the clock moves."""
        return token(self._id, "ops")

    def create(self, **other: Any) -> Answer:
        return self.api.post("/v1/admin/lotteries", draft(**other), as_=self.ops, key=new_key())

    def act(self, lottery: dict[str, Any], name: str) -> Answer:
        path = f"/v1/admin/lotteries/{lottery['id']}/{name}"
        return self.api.post(path, as_=self.ops, headers={"If-Match": str(lottery["version"])})

    def published(self, **other: Any) -> dict[str, Any]:
        made = self.create(**other)
        assert made.status == 201, made.body
        done = self.act(made.body, "publish")
        assert done.status == 200, done.body
        body: dict[str, Any] = done.body
        return body

    def results(self, lottery: dict[str, Any]) -> Any:
        path = f"/v1/admin/lotteries/{lottery['id']}/results"
        return self.api.get(path, as_=self.ops).body


class Player:
    """A member who draws."""

    def __init__(self, api: Api, member_id: str) -> None:
        self.api, self.id = api, member_id

    @property
    def token(self) -> str:
        return token(self.id)

    def draw(self, lottery: dict[str, Any], body: Any = None, key: str | None = None) -> Answer:
        path = f"/v1/lotteries/{lottery['id']}/draws"
        return self.api.post(path, body, as_=self.token, key=key or new_key())

    def sees(self, lottery: dict[str, Any], rest: str = "") -> Any:
        answer = self.api.get(f"/v1/lotteries/{lottery['id']}{rest}", as_=self.token)
        assert answer.status == 200, answer.body
        return answer.body


def asked(lottery_id: str, member_id: str) -> draws.Asked:
    """A draw under a new key, for use cases under threads."""
    return draws.Asked(ids.new_id("drw"), lottery_id, member_id, b"")


def numbers(lottery_id: str) -> list[int]:
    """The numbers of all draws, in order."""
    found, after = [], 0
    while part := queries.draws_after(lottery_id, after, 500):
        found += [each.number for each in part]
        after = part[-1].number
    return found
