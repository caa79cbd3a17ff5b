"""A replay makes only calls that its function's policy allows."""

from __future__ import annotations

from chalicelib.earning.actions import replays
from tests.api import new_key
from tests.conftest import Time
from tests.earning.replaying import happened, ordered, own_days, told
from tests.earning.ruling import bought, drafted, of_sku
from tests.earning.shop import register
from tests.infra.permissions import Guard
from tests.world import World, new_phone


def test_a_replay_reads_events_members_and_tiers_and_writes_its_own_items(
    guard: Guard, world: World, time: Time
) -> None:
    day, phone, sku = own_days(time), new_phone(), f"RG-{new_key()}"
    register(phone)
    happened(world, bought(phone, (sku, 10_000)))
    asks = [
        {"field": "member.tier", "op": "=", "value": "normal"},
        {"field": "member.registered_days", "op": "between", "value": [0, 10]},
        {"field": "member.birthday_month", "op": "=", "value": 5},
    ]
    draft = drafted(world, when={"any": [of_sku(sku), *asks]}, caps={"member_day": 500})
    with guard.acting_as("APIHandler"):
        job_id = ordered(world, draft["id"], day, day).body["job_id"]
    with guard.acting_as("ReplayEvents"):
        while facts := told(job_id):
            for fact in facts:
                replays.continue_replay(fact.data.job_id, fact.data.round, lambda: True)
    for call in (
        ("dynamodb:BatchGetItem", "MembersTable.Arn"),
        ("dynamodb:BatchGetItem", "TiersTable.Arn"),
        ("dynamodb:DeleteItem", "CampaignsTable.Arn"),
    ):
        assert call in guard.seen
