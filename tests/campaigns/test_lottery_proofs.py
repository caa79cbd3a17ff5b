"""The proof over HTTP: for everybody, once nobody can draw any more, as the script takes it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.campaigns.routes import lotteries as routes
from tests.api import Api
from tests.campaigns.drawing import Office, Player, points_prize, prizes
from tests.campaigns.lotteries import verify
from tests.world import World


@pytest.fixture
def office(api: Api) -> Office:
    return Office(api)


def _proof(api: Api, lottery: dict[str, Any]) -> dict[str, Any]:
    """All pages of a proof as one, as the pages of the mall save it."""
    path = f"/v1/lotteries/{lottery['id']}/proof"
    whole: dict[str, Any] = api.get(path).body
    while cursor := whole["next_cursor"]:
        part = api.get(f"{path}?cursor={cursor}").body
        whole["draws"] += part["draws"]
        whole["next_cursor"] = part["next_cursor"]
    return whole


def test_anybody_computes_every_draw_again(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "_PROOF_PAGE", 4)
    lottery = office.published(
        prizes=prizes(points_prize(300_000, stock=2)), guarantee={"after": 2, "prize": "p1"}
    )
    players = [Player(world.api, world.member(points=200)) for _ in range(3)]
    mine = [
        (body["number"], body["prize"]["id"])
        for _ in range(3)
        for player in players
        for body in [player.draw(lottery).body]
    ]
    assert office.act(lottery, "end").status == 200
    proof = _proof(world.api, lottery)
    assert proof["commitment"] == lottery["commitment"]
    assert (proof["total"], len(proof["draws"])) == (9, 9)
    assert verify.faults(proof, lottery["commitment"], mine) == []
    pseudonyms = [player.sees(lottery)["pseudonym"] for player in players]
    assert [each["member"] for each in proof["draws"]] == pseudonyms * 3
    assert not any(player.id in str(proof) for player in players)


def test_the_seed_is_secret_while_anybody_can_draw(world: World, office: Office) -> None:
    lottery = office.published()
    path = f"/v1/lotteries/{lottery['id']}/proof"
    refused = world.api.get(path)
    assert (refused.status, refused.body["code"]) == (409, "lottery_not_over")
    assert refused.body["ends_at"] == lottery["valid"]["until"]
    office.act(lottery, "end")
    assert world.api.get(path).status == 200


def test_the_proof_of_a_lottery_without_draws_is_whole(world: World, office: Office) -> None:
    lottery = office.published()
    office.act(lottery, "end")
    proof = _proof(world.api, lottery)
    assert (proof["total"], proof["draws"]) == (0, [])
    assert verify.faults(proof, lottery["commitment"]) == []


def test_a_cursor_of_another_proof_is_refused(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "_PROOF_PAGE", 1)
    first, second = office.published(), office.published()
    player = Player(world.api, world.member(points=100))
    for _ in range(2):
        player.draw(first)
    office.act(first, "end")
    office.act(second, "end")
    cursor = world.api.get(f"/v1/lotteries/{first['id']}/proof").body["next_cursor"]
    refused = world.api.get(f"/v1/lotteries/{second['id']}/proof?cursor={cursor}")
    assert (refused.status, refused.body["code"]) == (400, "invalid_cursor")
