"""Past events held against a draft by a process of its own: its pace, its reads, its memory."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from typing import Any, NamedTuple

from infra.bench.settlement import peak_bytes
from infra.local import engine
from infra.local.settings import client_environment

EVENTS, DAYS, MEMBERS = 10_000, 10, 1_000
PARTNER, DRAFT, PAID, A_NOTE = "bench", "rul_bench", 12_300, 50
_LIMITS: dict[str, Any] = {"caps": {"member_day": 500}, "budget": 10**9}
_OF_TIER = {"field": "member.tier", "op": "!=", "value": "diamond"}
# What the draft looks at and counts, by the words of the table.
DRAFTS: dict[str, dict[str, Any]] = {
    "the event alone": {},
    "the event and the member's tier, with a cap and a budget": {"when": _OF_TIER, **_LIMITS},
}


class Replayed(NamedTuple):
    """One replay; `peak_bytes` is the process's largest resident set, interpreter and all."""

    draft: str
    events: int
    seconds: float
    read_units: float
    requests: int
    peak_bytes: int

    @property
    def a_second(self) -> float:
        return self.events / self.seconds

    @property
    def reads_a_thousand(self) -> float:
        return self.read_units * 1000 / self.events


def measure(events: int = EVENTS) -> list[Replayed]:
    """Replay so many events, three items each, for each draft."""
    context = multiprocessing.get_context("spawn")
    with (
        engine.temporary_engine(engine.DYNOXIDE) as endpoint,
        ProcessPoolExecutor(1, mp_context=context) as process,
    ):
        last = process.submit(_fill, endpoint, events).result()
        return [
            Replayed(name, *process.submit(_replay, last, terms).result())
            for name, terms in DRAFTS.items()
        ]


def _fill(endpoint: str, events: int) -> date:
    """Put the events of some days, and the notes that name them; the last day."""
    os.environ.update(client_environment({"dynamodb": endpoint}))
    from chalicelib.earning.tables import EventItem
    from chalicelib.earning.tables.days import EventDayItem, EventName
    from chalicelib.kernel import clock

    last = clock.program_day(clock.now()) - timedelta(days=1)
    each = events // DAYS
    for number in range(DAYS):
        day = last - timedelta(days=number)
        made = list(_events_of(day, each))
        with EventItem.batch_write() as batch:
            for item in made:
                batch.save(item)
            for start in range(0, each, A_NOTE):
                names = [EventName(PARTNER, item.event_id) for item in made[start:][:A_NOTE]]
                batch.save(EventDayItem(*EventDayItem.key(f"{day}", f"{start}"), events=names))
    return last


def _events_of(day: date, events: int) -> Iterator[Any]:
    from chalicelib.earning.rules import Decision, PaidOrder, SoldItem
    from chalicelib.earning.tables import EventItem
    from chalicelib.kernel import clock

    noon_ms = clock.to_ms(clock.end_of(day)) - 12 * 3_600_000
    items = tuple(SoldItem(f"SKU-{n}", PAID // 3, 1, f"category-{n}", "acme") for n in range(3))
    for number in range(events):
        event = PaidOrder(
            id=f"order-{day}-{number}:paid",
            order_id=f"order-{day}-{number}",
            occurred_at_ms=noon_ms + number,
            digest=b"0" * 12,
            member_id=None,
            identity=None,
            items=items,
            amount=PAID,
            currency="CNY",
        )
        given = [Decision("purchases", PAID // 100, "matched")]
        yield EventItem.of(PARTNER, event, given, f"mbr_{number % MEMBERS:026}")


def _replay(last: date, terms: dict[str, Any]) -> tuple[int, float, float, int, int]:
    """The costs of a replay in the order of Replayed: once by the clock, once by the meter."""
    from chalicelib.kernel.store.tables import connection
    from infra.bench.write_units import Meter

    began = time.monotonic()
    events = _walked(last, terms)
    seconds = time.monotonic() - began
    meter = Meter(connection().client)
    assert _walked(last, terms) == events, "a replay is the same again"
    meter.remove()
    spent = meter.take()
    assert not spent.lines, "a replay writes nothing by itself"
    return events, seconds, spent.read_units, len(spent.requests), peak_bytes()


def _walked(last: date, terms: dict[str, Any]) -> int:
    import msgspec

    from chalicelib.earning.actions.replays import walk
    from chalicelib.earning.queries.replays import program_by
    from chalicelib.earning.rules.definitions import Rule, RuleDraft
    from chalicelib.earning.rules.replaying import Counters, total_of
    from chalicelib.earning.rules.replays import Replay

    effect = {"per_amount": {"points": 1, "amount": 100}}
    title = {"zh-CN": "测", "en": "Bench"}
    sent = {"title": title, "event": "order.paid", "effect": effect, **terms}
    rule = Rule(DRAFT, 1, msgspec.convert(sent, RuleDraft))
    first = last - timedelta(days=DAYS - 1)
    replay = Replay(
        id="job_bench",
        rule_id=DRAFT,
        version=1,
        unit="points",
        made_by="",
        content=b"",
        created_at_ms=0,
        moved_at_ms=0,
        first=f"{first}",
        last=f"{last}",
        rule_parts=0,
        day=f"{first}",
    )
    program = program_by([rule], has_purchases=True)
    done = walk(replay, program, Counters(), lambda: False)
    total = total_of(done.lines)
    assert total.by_rule, "the draft gave points"
    return total.events


def of_replays(found: Sequence[Replayed]) -> str:
    """The measurement as a table of docs/benchmarks.md."""
    head = [
        "| the draft asks | events | events a second | read units per 1,000 events | requests |"
        " largest memory |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    rows = [
        f"| {each.draft} | {each.events:,} | {each.a_second:,.0f} | {each.reads_a_thousand:,.0f} |"
        f" {each.requests:,} | {each.peak_bytes / 1e6:.0f} MB |"
        for each in found
    ]
    return "\n".join([*head, *rows])
