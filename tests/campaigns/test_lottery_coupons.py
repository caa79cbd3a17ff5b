"""Coupons and goods as prizes: given once, and only of templates that can give them all."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import coupons
from chalicelib.campaigns.actions import prizes
from chalicelib.coupons.errors import CouponsGone
from chalicelib.coupons.queries.coupons import find_coupon
from chalicelib.coupons.rules.terms import Terms
from chalicelib.kernel import clock
from tests.api import Api
from tests.campaigns.drawing import TITLE, Office, Player
from tests.coupons.giving import TEN_OFF, given, template
from tests.world import World

THANKS = {"kind": "thanks", "title": TITLE, "odds": 0}


@pytest.fixture
def office(api: Api) -> Office:
    return Office(api)


def _prizes(template_id: str, kind: str = "coupon") -> list[dict[str, Any]]:
    won = {"kind": kind, "title": TITLE, "odds": 1_000_000, "stock": 2, "template_id": template_id}
    return [won, THANKS]


@pytest.mark.parametrize("kind", ["coupon", "goods"])
def test_a_coupon_that_was_won_is_the_members(world: World, office: Office, kind: str) -> None:
    gift = Terms(kind="gift", gift_sku=world.sku())
    made = template(gift if kind == "goods" else TEN_OFF, per_member=None)
    lottery = office.published(prizes=_prizes(made.id, kind))
    player = Player(world.api, world.member(points=100))
    drawn = player.draw(lottery).body
    assert drawn["status"] == "given"
    coupon = find_coupon(drawn["coupon_id"])
    assert coupon is not None
    assert (coupon.member_id, coupon.template_id) == (player.id, made.id)
    prizes.give(lottery["id"], 1, clock.now())
    assert given(made) == 1


def test_a_prize_that_cannot_be_given_yet_waits_for_the_sweep(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = template(per_member=None)
    lottery = office.published(prizes=_prizes(made.id))
    player = Player(world.api, world.member(points=100))
    with monkeypatch.context() as patch:
        patch.setattr(coupons, "grant", _fail)
        drawn = player.draw(lottery)
    assert (drawn.status, drawn.body["status"]) == (201, "coming")
    assert office.results(lottery)["waiting"] == 1
    prizes.sweep_prizes(clock.now())
    again = player.sees(lottery, "/draws")["data"][0]
    assert again["status"] == "given"
    assert find_coupon(again["coupon_id"]) is not None
    assert office.results(lottery)["waiting"] == 0
    assert given(made) == 1


def _fail(*_: Any) -> Any:
    raise CouponsGone()


@pytest.mark.parametrize("case", ["unknown", "draft", "gift", "few", "per_member"])
def test_a_template_that_cannot_give_the_prizes_is_refused(
    world: World, office: Office, case: str
) -> None:
    templates = {
        "unknown": lambda: "ctp_unknown",
        "draft": lambda: template(status="draft", per_member=None).id,
        "gift": lambda: template(Terms(kind="gift", gift_sku=world.sku()), per_member=None).id,
        "few": lambda: template(total=1, per_member=None).id,
        "per_member": lambda: template(per_member=1).id,
    }
    made = office.create(prizes=_prizes(templates[case]())).body
    refused = office.act(made, "publish")
    assert refused.status == 400
    assert [each["field"] for each in refused.body["errors"]] == ["prizes[0].template_id"]
    path = f"/v1/admin/lotteries/{made['id']}"
    assert office.api.get(path, as_=office.ops).body["status"] == "draft"
