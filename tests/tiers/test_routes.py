"""The routes of tiers: the ladder, the member's own standing, grants by the staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock, ids
from chalicelib.tiers import queries
from chalicelib.tiers.actions import reviews
from chalicelib.tiers.rules.ladder import BUILT_IN
from chalicelib.tiers.tables import LADDER, LadderItem, TiersItem
from tests.api import Answer, new_key, token
from tests.tiers.counting import spend
from tests.tiers.ladder_routes import TITLE, put
from tests.world import World


@pytest.fixture
def no_ladder(engine: str) -> Iterator[None]:
    """Nobody has written a ladder, and nobody has when the test is over."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    for item in TiersItem.query(LADDER):
        item.delete()
    queries.REMEMBERED.clear()


def draft(**other: Any) -> dict[str, Any]:
    levels = [
        {"key": "normal", "title": TITLE},
        {
            "key": "gold",
            "title": {"zh-CN": "金卡会员", "en": "Gold"},
            "thresholds": {"spend": 500},
            "benefits": {"free_freight": True},
        },
    ]
    return {"levels": levels, **other}


class TestLadder:
    @pytest.fixture(autouse=True)
    def _alone(self, no_ladder: None) -> None:
        """Each test begins with the ladder that is built in."""

    def test_the_built_in_ladder_stands_until_one_is_written(self, world: World) -> None:
        told = world.api.get("/v1/admin/tiers", as_=world.ops).body
        assert (told["version"], len(told["levels"])) == (0, 4)
        shown = world.api.get("/v1/tiers").body
        assert [each["key"] for each in shown["data"]] == [each.key for each in BUILT_IN.levels]
        assert shown["data"][2]["reached_by"] == "¥5,000.00 spent in the last 12 months"

    def test_a_ladder_that_is_written_is_in_force_and_every_version_is_kept(
        self, world: World
    ) -> None:
        made = put(world, draft(), 0)
        assert (made.status, made.body["version"]) == (200, 1)
        again = put(world, draft(months=6), 1)
        assert again.body["version"] == 2
        shown = world.api.get("/v1/tiers", headers={"Accept-Language": "zh-CN"}).body
        assert shown["data"][1]["reached_by"] == "近 6 个月消费满 ¥5.00"
        assert shown["data"][1]["benefits_in_words"] == ["免运费"]
        kept = [LadderItem.find(LADDER, f"V#{number:08d}") for number in (1, 2)]
        assert [each.ladder.months for each in kept] == [12, 6]

    def test_a_ladder_built_on_another_version_is_refused(self, world: World) -> None:
        put(world, draft(), 0)
        stale = put(world, draft(months=6), 0)
        assert (stale.status, stale.body["code"]) == (412, "stale_version")
        assert world.api.get("/v1/admin/tiers", as_=world.ops).body["months"] == 12

    def test_what_is_no_ladder_is_refused_by_field_and_changes_nothing(self, world: World) -> None:
        body = draft()
        body["levels"][1]["thresholds"] = {}
        refused = put(world, body, 0)
        assert (refused.status, refused.body["errors"][0]["field"]) == (
            400,
            "levels[1].thresholds",
        )
        assert world.api.get("/v1/admin/tiers", as_=world.ops).body["version"] == 0

    def test_members_and_agents_may_not_write_it_and_it_is_audited(self, world: World) -> None:
        for role in ((), ("agent",), ("finance",)):
            assert put(world, draft(), 0, token(ids.new_id("mbr"), *role)).status == 403
        made = put(world, draft(), 0)
        assert made.status == 200
        admin = token(ids.new_id("mbr"), "admin")
        acts = world.api.get("/v1/admin/audit?subject=tiers", as_=admin).body["data"]
        assert acts[0]["action"] == "tiers.change"

    def test_a_member_reads_their_tier_and_what_is_missing(self, world: World) -> None:
        put(world, draft(), 0)
        member = world.member()
        spend(member, 120)
        told = world.api.get("/v1/me/tier", as_=token(member)).body
        assert told["progress"] == [
            {"metric": "spend", "value": 120, "next_tier": "gold", "needed": 380}
        ]
        assert (told["tier"], told["since"], told["until"]) == ("normal", None, None)
        spend(member, 380)
        told = world.api.get("/v1/me/tier", as_=token(member)).body
        assert (told["tier"], told["progress"]) == ("gold", [])
        assert told["benefits"]["free_freight"] is True
        assert told["until"] > told["since"]


@pytest.mark.usefixtures("ladder_in_force")
class TestGrants:
    def asked(self, tier: str = "gold", days: int = 30) -> dict[str, Any]:
        until = clock.rfc3339(clock.now() + timedelta(days=days))
        return {"tier": tier, "until": until, "reason": "老客户关怀"}

    def grant(self, world: World, member: str, body: Any, **other: Any) -> Answer:
        asked = {"as_": world.ops, "key": new_key(), **other}
        return world.api.post(f"/v1/admin/members/{member}/tier", body, **asked)

    def test_a_granted_tier_counts_until_its_end(self, world: World, time: Any) -> None:
        member = world.member()
        body = self.asked()
        made = self.grant(world, member, body)
        assert (made.status, made.body["tier"], made.body["earned"]) == (200, "gold", "normal")
        assert made.body["granted"] == {"tier": "gold", "until": body["until"]}
        step = made.body["history"][0]
        assert (step["why"], step["reason"]) == ("grant", "老客户关怀")
        assert step["until"] == body["until"]
        assert world.api.get("/v1/me/tier", as_=token(member)).body["until"] == body["until"]
        time.advance(days=31)
        reviews.review_tiers(clock.now())
        agent = token(ids.new_id("mbr"), "agent")
        seen = world.api.get(f"/v1/admin/members/{member}/tier", as_=agent).body
        assert (seen["tier"], seen["granted"], seen["history"][0]["why"]) == (
            "normal",
            None,
            "grant_ended",
        )

    def test_a_retry_of_a_grant_changes_nothing_and_other_content_is_refused(
        self, world: World
    ) -> None:
        member, key, body = world.member(), new_key(), self.asked()
        first = self.grant(world, member, body, key=key)
        again = self.grant(world, member, body, key=key)
        assert (again.status, again.body) == (first.status, first.body)
        assert again.headers["Idempotent-Replayed"] == "true"
        other = self.grant(world, member, self.asked("diamond"), key=key)
        assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
        assert queries.tier_of(member) == "gold"

    def test_a_tier_that_is_earned_already_is_not_granted(self, world: World) -> None:
        member = world.member()
        spend(member, 500)
        refused = self.grant(world, member, self.asked("silver"))
        assert (refused.status, refused.body["code"]) == (409, "tier_not_higher")
        assert queries.find_standing(member).grant is None

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"tier": "platinum"}, "tier"),
            ({"until": "2020-01-01T00:00:00Z"}, "until"),
            ({"until": "2099-01-01T00:00:00Z"}, "until"),
            ({"reason": " "}, "reason"),
        ],
    )
    def test_what_cannot_be_granted_is_refused_by_field(
        self, world: World, change: dict[str, Any], field: str
    ) -> None:
        member = world.member()
        refused = self.grant(world, member, {**self.asked(), **change})
        assert (refused.status, refused.body["errors"][0]["field"]) == (400, field)
        assert queries.tier_of(member) == "normal"

    def test_nobody_but_ops_grants_and_nobody_is_granted_who_is_not_there(
        self, world: World
    ) -> None:
        member = world.member()
        for role in ((), ("agent",), ("finance",)):
            caller = token(ids.new_id("mbr"), *role)
            assert self.grant(world, member, self.asked(), as_=caller).status == 403
        assert self.grant(world, ids.new_id("mbr"), self.asked()).status == 404
        assert self.grant(world, member, self.asked(), key=None).status == 400


class TestBirthday:
    def test_a_birthday_changes_once_a_year(self, world: World, time: Any) -> None:
        member = world.member()

        def told(birthday: str | None) -> Answer:
            return world.api.patch("/v1/me", {"birthday": birthday}, as_=token(member))

        assert told("06-18").body["birthday"] == "06-18"
        assert told("06-18").status == 200
        for other in ("06-19", None):
            refused = told(other)
            assert (refused.status, refused.body["code"]) == (409, "birthday_kept")
        assert world.api.get("/v1/me", as_=token(member)).body["birthday"] == "06-18"
        time.advance(days=366)
        assert told("06-19").body["birthday"] == "06-19"

    @pytest.mark.parametrize("wrong", ["02-30", "13-01", "6-18", "2000-06-18", "04-31", ""])
    def test_what_is_no_day_of_the_year_is_refused(self, world: World, wrong: str) -> None:
        member = world.member()
        refused = world.api.patch("/v1/me", {"birthday": wrong}, as_=token(member))
        assert (refused.status, refused.body["errors"][0]["field"]) == (400, "birthday")
