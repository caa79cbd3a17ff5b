"""Triggers give a reward when something happens to a member, once in each period."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.campaigns.actions import triggers
from chalicelib.campaigns.events import HEARD
from chalicelib.campaigns.queries import triggers as queries
from chalicelib.campaigns.rules.triggers import DAY_MS
from chalicelib.campaigns.tables.triggers import TRIGGERS, TriggerItem
from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.store.facts import Fact, handle
from chalicelib.kernel.store.writes import delete_each
from chalicelib.members import MemberRegistered
from tests.api import Api, new_key, token
from tests.campaigns.missions import ops
from tests.campaigns.rewarding import balance
from tests.world import World

PATH = "/v1/admin/triggers"


@pytest.fixture(autouse=True)
def _no_others(engine: str) -> Iterator[None]:
    """Only the triggers of a test fire."""
    yield
    delete_each(TriggerItem.query(TRIGGERS, consistent_read=True))
    queries.forget_triggers()


def draft(**changes: Any) -> dict[str, Any]:
    return {
        "title": {"zh-CN": "欢迎", "en": "Welcome"},
        "event": "registered",
        "reward": {"kind": "growth", "amount": 50},
        **changes,
    }


def publish(api: Api, **changes: Any) -> dict[str, Any]:
    made = api.post(PATH, draft(**changes), as_=ops(), key=new_key())
    assert made.status == 201, made.body
    path = f"{PATH}/{made.body['id']}/publish"
    live = api.post(path, as_=ops(), headers={"If-Match": "1"})
    assert live.status == 200, live.body
    return dict(live.body)


def growth(member: str) -> int:
    return balance(member, "growth")


def sweep() -> int:
    return triggers.sweep_watches(clock.now(), lambda: False)


def test_who_registers_is_welcomed_once(api: Api, world: World) -> None:
    publish(api)
    member = world.member()
    fact = Fact.of("f", clock.rfc3339(clock.now()), MemberRegistered(member_id=member))

    handle(fact, HEARD)
    handle(fact, HEARD)

    assert growth(member) == 50


def test_a_balance_that_is_reached_pays_once_and_less_pays_nothing(api: Api, world: World) -> None:
    publish(api, event="balance_reaches", threshold=5000)
    member = world.member()

    for points in (4999, 5000, 9000):
        triggers.fire(member, "balance_reaches", points, clock.now())

    assert growth(member) == 50


def test_no_crowd_overruns_the_budget(api: Api, world: World) -> None:
    made = publish(api, takers=3)
    members = [world.member() for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        fired = list(
            pool.map(lambda member: triggers.fire(member, "registered", 0, clock.now()), members)
        )

    assert sum(fired) == 3
    assert sum(map(growth, members)) == 150
    assert queries.taken_of(made["id"]) == 3


def test_who_stays_away_is_called_back_once_and_a_visit_begins_anew(
    api: Api, world: World, time: Any
) -> None:
    publish(api, event="no_visit", threshold=30, repeats="year")
    member = world.member()
    triggers.note_visit(member, to_ms(clock.now()))

    time.advance(days=29)
    sweep()
    assert growth(member) == 0
    time.advance(days=1, seconds=2)
    sweep()
    sweep()
    assert growth(member) == 50
    watch = queries.find_watch(member, "no_visit")
    assert watch is not None
    assert watch.due_ms is not None
    assert (watch.due_ms - watch.seen_ms) // DAY_MS == 60


def test_a_sweep_that_is_cut_off_goes_on_where_it_ended(api: Api, world: World, time: Any) -> None:
    publish(api, event="no_visit", threshold=7)
    members = [world.member() for _ in range(4)]
    for member in members:
        triggers.note_visit(member, to_ms(clock.now()))
    time.advance(days=7, seconds=2)

    asked = iter([False, False, True])
    triggers.sweep_watches(clock.now(), lambda: next(asked, True))
    sweep()

    assert [growth(member) for member in members] == [50] * 4


def test_a_birthday_is_given_once_a_year(api: Api, world: World, time: Any) -> None:
    time.advance_to_noon()
    publish(api, event="birthday", repeats="year")
    member = world.member()
    today = clock.program_day(clock.now())
    told = {"birthday": f"{today:%m-%d}"}
    assert api.patch("/v1/me", told, as_=token(member)).status == 200
    triggers.note_birthday(member, clock.now())
    time.advance(seconds=2)

    sweep()
    triggers.note_birthday(member, clock.now())
    sweep()

    assert growth(member) == 50


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"event": "no_visit"}, "threshold"),
        ({"event": "no_visit", "threshold": 31}, "threshold"),
        ({"threshold": 5}, "threshold"),
        ({"reward": {"kind": "coupon"}}, "reward.template_id"),
    ],
)
def test_a_trigger_that_contradicts_is_refused(
    api: Api, changes: dict[str, Any], field: str
) -> None:
    refused = api.post(PATH, draft(**changes), as_=ops(), key=new_key())
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, field)


def test_a_trigger_is_written_by_ops_by_its_version(api: Api, world: World) -> None:
    key = new_key()
    made = api.post(PATH, draft(), as_=ops(), key=key)
    assert api.post(PATH, draft(), as_=ops(), key=key).body == made.body
    other = api.post(PATH, draft(takers=1), as_=ops(), key=key)
    assert other.body["code"] == "idempotency_key_reused"
    member = token(world.member())
    assert api.post(PATH, draft(), as_=member, key=new_key()).status == 403
    path, first = f"{PATH}/{made.body['id']}", {"If-Match": "1"}
    changed = api.patch(path, {"takers": 9}, as_=ops(), headers=first)
    assert (changed.status, changed.body["takers"]) == (200, 9)
    assert api.post(f"{path}/publish", as_=ops(), headers=first).status == 412
    assert api.post(f"{path}/publish", as_=ops(), headers={"If-Match": "2"}).status == 200
    assert api.patch(path, {"takers": 5}, as_=ops(), headers={"If-Match": "3"}).status == 409
    ended = api.post(f"{path}/end", as_=ops(), headers={"If-Match": "3"})
    assert ended.body["status"] == "ended"
