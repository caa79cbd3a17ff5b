"""Draws of a member are in their export; an erased one's stay published without the person."""

from __future__ import annotations

from chalicelib import campaigns
from chalicelib.campaigns.actions import prizes
from chalicelib.campaigns.queries import lotteries as queries
from chalicelib.kernel import clock
from tests.campaigns.drawing import Office, Player, asked, points_prize
from tests.campaigns.drawing import prizes as prizes_of
from tests.campaigns.lotteries import verify
from tests.world import World


def test_an_export_has_each_draw_with_its_pseudonym(world: World) -> None:
    lottery = Office(world.api).published(prizes=prizes_of(points_prize(1_000_000)))
    player = Player(world.api, world.member(points=100))
    drawn = player.draw(lottery).body
    assert list(campaigns.export_of(player.id)["draws"]) == [
        {
            "lottery": "转盘",
            "number": 1,
            "pseudonym": player.sees(lottery)["pseudonym"],
            "prize": "转盘",
            "points": 10,
            "created_at": drawn["created_at"],
        }
    ]


def test_draws_of_an_erased_member_prove_still_and_name_nobody(world: World) -> None:
    office = Office(world.api)
    lottery = office.published(prizes=prizes_of(points_prize(500_000)))
    leaver, other = (Player(world.api, world.member(points=100)) for _ in range(2))
    for player in (leaver, other, leaver):
        player.draw(lottery)
    for _ in range(2):
        campaigns.erase_of(leaver.id)
    office.act(lottery, "end")
    proof = world.api.get(f"/v1/lotteries/{lottery['id']}/proof").body
    assert verify.faults(proof, lottery["commitment"]) == []
    assert queries.mine(lottery["id"], leaver.id) == []
    assert [each.member_id for each in queries.draws_after(lottery["id"], 0, 9)] == [
        None,
        other.id,
        None,
    ]
    assert len(other.sees(lottery, "/draws")["data"]) == 1


def test_a_prize_that_was_not_given_lapses_with_the_member(world: World) -> None:
    from chalicelib.campaigns.actions.draws import _draw

    lottery = Office(world.api).published(prizes=prizes_of(points_prize(1_000_000)))
    member = world.member(points=100)
    _draw(asked(lottery["id"], member), clock.now())
    campaigns.erase_of(member)
    assert prizes.give(lottery["id"], 1, clock.now()).given_ms is None
    assert world.available(member) == 90
    assert Office(world.api).results(lottery)["waiting"] == 0
