"""A replay is walked in rounds: whatever crashes or comes twice, its result is that of one walk."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.earning.actions import replays
from chalicelib.earning.queries import past
from chalicelib.earning.queries import replays as queries
from chalicelib.earning.rules import replays as rules
from chalicelib.earning.tables.replays import ReplayPartItem, replay_key
from chalicelib.kernel.errors import Unavailable
from tests.api import new_key
from tests.conftest import Time
from tests.earning.replaying import happened, job, ordered, own_days, run, today, told
from tests.earning.ruling import bought, drafted, in_force, of_sku
from tests.earning.shop import register
from tests.world import World, new_phone, refunded

DAY = timedelta(days=1)
LIMITS: dict[str, Any] = {"caps": {"member_day": 150, "member_month": 260}, "budget": 900}


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "MOST_KEYS", 2)


def some_days(world: World, time: Time, sku: str, choice: random.Random) -> None:
    """Three days of payments of three members, and refunds of some."""
    phones = [new_phone() for _ in range(3)]
    for phone in phones:
        register(phone)
    paid: list[Any] = []
    for number in range(3):
        if number:
            time.advance(days=1)
        for _ in range(5):
            event = bought(choice.choice(phones), (sku, choice.randrange(100, 20_000)))
            happened(world, event)
            paid.append(event)
        back = choice.choice(paid)
        paid.remove(back)
        happened(world, refunded(back, back["data"]["amount"] // choice.choice((1, 2))))


def left_of(job_id: str) -> list[str]:
    found = ReplayPartItem.query(replay_key(job_id), ReplayPartItem.sk.startswith("STATE#"))
    return [item.sk for item in found]


def test_what_the_ledger_paid_is_what_its_unchanged_rules_pay_again(
    world: World, time: Time
) -> None:
    choice = random.Random(new_key())
    first, sku = own_days(time), f"RR-{new_key()}"
    with in_force(world, {"when": of_sku(sku), **LIMITS}) as (rule,):
        some_days(world, time, sku, choice)
        done, _ = run(world, ordered(world, rule["id"], first, today()).body["job_id"])
    result = done["result"]
    assert (result["events"], result["unreadable"]) == (15, 0)
    assert [each["difference"] for each in result["days"]] == [0, 0, 0]
    assert 0 < result["by_rule"] <= LIMITS["budget"] + result["paid"]


def test_a_replay_that_is_cut_off_after_each_part_gives_the_same_result(
    world: World, time: Time
) -> None:
    first, sku = own_days(time), f"RR-{new_key()}"
    some_days(world, time, sku, random.Random(new_key()))
    rule = drafted(world, when=of_sku(sku), **LIMITS)["id"]
    whole, rounds = run(world, ordered(world, rule, first, today()).body["job_id"])
    assert rounds == 1
    cut, rounds = run(world, ordered(world, rule, first, today()).body["job_id"], lambda: True)
    assert rounds > 6
    assert cut["result"] == whole["result"]
    assert left_of(cut["id"]) == left_of(whole["id"]) == []


def crashing(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Let the worker die at its so many-th step: a read of a part, or a write."""
    steps = iter(range(at))

    def step(real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            if next(steps, None) is None:
                raise Unavailable()
            return real(*args, **kwargs)

        return called

    monkeypatch.setattr(past, "_read", step(past._read))
    monkeypatch.setattr(ReplayPartItem, "save", step(ReplayPartItem.save))
    monkeypatch.setattr(replays, "was_written", step(replays.was_written))
    monkeypatch.setattr(replays, "_delete", step(replays._delete))


def test_a_worker_that_dies_at_any_step_leaves_a_replay_that_another_ends(
    world: World, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, sku = own_days(time), f"RR-{new_key()}"
    some_days(world, time, sku, random.Random(new_key()))
    rule = drafted(world, when=of_sku(sku), **LIMITS)["id"]
    whole, _ = run(world, ordered(world, rule, first, today()).body["job_id"])
    for at in range(12):
        job_id = ordered(world, rule, first, today()).body["job_id"]
        with monkeypatch.context() as dying:
            crashing(dying, at)
            with pytest.raises(Unavailable):
                run(world, job_id, lambda: True)
        done, _ = run(world, job_id, lambda: True)
        assert done["result"] == whole["result"], at
        assert len(left_of(job_id)) <= (at == 11), at


def test_a_save_that_the_client_sends_twice_keeps_what_limits_remember(
    world: World, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, sku = own_days(time), f"RR-{new_key()}"
    some_days(world, time, sku, random.Random(new_key()))
    rule = drafted(world, when=of_sku(sku), **LIMITS)["id"]
    whole, _ = run(world, ordered(world, rule, first, today()).body["job_id"])
    real = replays.was_written

    def sent_twice(write: Callable[[], object]) -> bool:
        real(write)
        return real(write)

    monkeypatch.setattr(replays, "was_written", sent_twice)
    done, _ = run(world, ordered(world, rule, first, today()).body["job_id"], lambda: True)
    assert done["result"] == whole["result"]
    assert left_of(done["id"]) == []


def test_messages_that_come_twice_or_late_count_nothing_twice(world: World, time: Time) -> None:
    first, sku = own_days(time), f"RR-{new_key()}"
    some_days(world, time, sku, random.Random(new_key()))
    rule = drafted(world, when=of_sku(sku), **LIMITS)["id"]
    whole, _ = run(world, ordered(world, rule, first, today()).body["job_id"])
    job_id = ordered(world, rule, first, today()).body["job_id"]
    every = []
    while facts := told(job_id):
        every += facts
        with ThreadPoolExecutor(4) as threads:
            for _ in threads.map(_deliver, facts * 4):
                pass
    for fact in every:
        _deliver(fact)
    assert job(world, job_id)["result"] == whole["result"]
    assert left_of(job_id) == []


def _deliver(fact: Any) -> None:
    replays.continue_replay(fact.data.job_id, fact.data.round, lambda: True)


def test_a_replay_without_progress_for_hours_has_failed_and_may_still_go_on(
    world: World, time: Time
) -> None:
    day = own_days(time)
    job_id = ordered(world, drafted(world)["id"], day, day).body["job_id"]
    time.advance(hours=2, minutes=1)
    assert job(world, job_id)["status"] == "failed"
    assert run(world, job_id)[0]["status"] == "done"


def test_a_replay_of_too_many_members_ends_and_tells_why(
    world: World, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replays, "MOST_MEMBERS", 1)
    day, sku = own_days(time), f"RR-{new_key()}"
    for phone in (new_phone(), new_phone()):
        register(phone)
        happened(world, bought(phone, (sku, 10_000)))
    rule = drafted(world, when=of_sku(sku))["id"]
    done, _ = run(world, ordered(world, rule, day, day).body["job_id"])
    assert (done["status"], done["problem"]) == ("failed", rules.TOO_MANY_MEMBERS)


def test_the_same_without_a_job_writes_nothing(world: World, time: Time) -> None:
    first, sku = own_days(time), f"RR-{new_key()}"
    some_days(world, time, sku, random.Random(new_key()))
    rule = drafted(world, when=of_sku(sku), **LIMITS)["id"]
    seen: list[int] = []
    made = replays.replay_now(rule, first, today(), lambda each: seen.append(each.days_done))
    whole, _ = run(world, ordered(world, rule, first, today()).body["job_id"])
    assert made.members == whole["result"]["members"]
    assert rules_sum(made) == whole["result"]["would_pay"]
    assert (seen == sorted(seen), seen[-1]) == (True, 3)
    assert queries.find_replay(made.id) is None


def rules_sum(made: rules.Replay) -> int:
    return sum(line.would for line in made.lines.values())
