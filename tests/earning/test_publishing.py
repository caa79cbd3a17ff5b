"""What ops publish takes effect in each process within a minute, and no event reads it."""

from __future__ import annotations

import time

import pytest

from chalicelib.earning.queries import rules
from tests.api import new_key
from tests.earning.ruling import bought, gave, in_force, of_sku
from tests.earning.shop import register, sent
from tests.faults.wire import Request, listed
from tests.world import World, new_phone

MINUTE_NS = 60_000_000_000
# The items that say what is in force.
PUBLISHED = {"RULESET", "LADDER"}


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The machine's clock, in nanoseconds, which a test sets on."""
    now = [time.monotonic_ns()]
    monkeypatch.setattr(time, "monotonic_ns", lambda: now[0])
    return now


def reads_of_what_is_in_force(requests: list[Request]) -> int:
    return sum(any(key.pk in PUBLISHED for key in each.reads) for each in requests)


def test_another_process_takes_a_published_rule_within_a_minute_and_reads_it_once(
    world: World, machine: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    sku, phone = f"NEW-{new_key()}", new_phone()
    register(phone)
    rules.forget()
    sent(world, bought(phone, (sku, 500)))
    with monkeypatch.context() as patch:
        # This process is another one than that which publishes: nobody tells it.
        patch.setattr(rules, "forget", lambda: None)
        with in_force(world, {"when": of_sku(sku), "effect": {"fixed": 7}}) as (rule,):
            with listed() as before:
                assert rule["id"] not in gave(sent(world, bought(phone, (sku, 500))))
            machine[0] += MINUTE_NS
            with listed() as after:
                for _ in range(10):
                    told = gave(sent(world, bought(phone, (sku, 500))))
                    assert told[rule["id"]] == (7, "matched")
    assert reads_of_what_is_in_force(before) == 0
    # The head of the rules, their part, and the ladder.
    assert reads_of_what_is_in_force(after) <= 3
    rules.forget()
