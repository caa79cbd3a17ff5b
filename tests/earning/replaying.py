"""Replays in tests: events noted as the relay does it, jobs run as their queue does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

from chalicelib.earning import events
from chalicelib.earning.actions import replays
from chalicelib.earning.actions.days import note_events
from chalicelib.earning.tables import EventItem
from chalicelib.earning.tables.replays import REPLAY, ReplayItem, replay_key
from chalicelib.kernel import clock
from chalicelib.kernel.store.streams import Change
from tests.api import Answer, new_key
from tests.conftest import Time
from tests.earning.ruling import PATH, ops
from tests.earning.shop import sent
from tests.world import World

_NUMBERS, _DAYS = count(1), count(1)


def own_days(time: Time) -> date:
    """A noon that no other test's events are of, nor the days around it; the day."""
    time.advance(days=100 * next(_DAYS))
    time.advance_to_noon()
    return today()


def today() -> date:
    return clock.program_day(clock.now())


def change_of(event_id: str) -> Change:
    pk, sk = EventItem.key("shop-1", event_id)
    return Change(f"{next(_NUMBERS):020d}", None, EventItem.find(pk, sk).to_dynamodb_dict())


def happened(world: World, *told: Any) -> list[Any]:
    """The answers to events that are taken and then noted, in their order."""
    answers = [sent(world, each) for each in told]
    note_events([change_of(each["id"]) for each in told])
    return answers


def ordered(world: World, rule: str, first: date, to: date, **asking: Any) -> Answer:
    body = {"from": f"{first}", "to": f"{to}"}
    asking = {"as_": ops(), "key": new_key(), **asking}
    return world.api.post(f"{PATH}/{rule}/replay", body, **asking)


def job(world: World, job_id: str) -> Any:
    answer = world.api.get(f"/v1/admin/jobs/{job_id}", as_=ops())
    assert answer.status == 200, answer.body
    return answer.body


def told(job_id: str) -> list[Any]:
    """What the relay publishes of a replay as it is now."""
    item = ReplayItem.find(replay_key(job_id), REPLAY)
    return events.facts_of(Change("1", None, item.to_dynamodb_dict()))


def run(world: World, job_id: str, enough: Callable[[], bool] = lambda: False) -> tuple[Any, int]:
    """The job at its end, and the number of its rounds."""
    rounds = 0
    while facts := told(job_id):
        for fact in facts:
            replays.continue_replay(fact.data.job_id, fact.data.round, enough)
        rounds += 1
        assert rounds < 500, "a replay ends"
    return job(world, job_id), rounds


def replayed(world: World, rule: str, first: date, to: date) -> Any:
    """The result of a whole replay."""
    answer = ordered(world, rule, first, to)
    assert answer.status == 202, answer.body
    done, _ = run(world, answer.body["job_id"])
    assert done["status"] == "done", done
    return done["result"]
