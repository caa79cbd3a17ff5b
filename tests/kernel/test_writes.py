"""Conditional writes: the errors of refused ones, and lost answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pynamodb.exceptions import GetError, PutError, UpdateError

from chalicelib.kernel import ids
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import (
    Conflict,
    Denied,
    IdempotencyKeyReused,
    JifenError,
    Moved,
    NotFound,
    Stale,
    Unavailable,
)
from chalicelib.kernel.outages import is_outage
from chalicelib.kernel.store import pauses
from chalicelib.kernel.store.attributes import IntegerAttribute
from chalicelib.kernel.store.tables import Item
from chalicelib.kernel.store.writes import (
    WriteSet,
    put_or_find,
    replay_outranks_refusal,
    update_alone,
    with_fresh_reads,
)
from tests.kernel.wire import answer, cancelled, faults, lost_answer, no_answer

TRANSACT = "TransactWriteItems"
KINDS: dict[str, type[JifenError]] = {
    "check": NotFound,
    "delete": Denied,
    "put": Conflict,
    "update": Stale,
}
ORDERS = [tuple(KINDS), tuple(reversed(KINDS)), ("update", "check", "put", "delete")]


class Thing(Item):
    class Meta:
        table_name = config().table("campaigns")

    n = IntegerAttribute(default=0)


@pytest.fixture(autouse=True)
def _on_the_engine(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pauses, "LONGEST_PAUSE_S", 0.01)


def new_thing(n: int = 0, *, saved: bool = True) -> Thing:
    thing = Thing(ids.new_id("thg"), "THING", n=n)
    if saved:
        thing.save()
    return thing


def found(thing: Thing) -> int | None:
    there = Thing.find(thing.pk, thing.sk)
    return there.n if there else None


def add(write: WriteSet, kind: str, thing: Thing, expected: int) -> None:
    condition = Thing.n == expected
    if kind == "check":
        write.check(thing, condition, or_raise=KINDS[kind])
    elif kind == "delete":
        write.delete(thing, condition=condition, or_raise=KINDS[kind])
    elif kind == "put":
        write.put(Thing(thing.pk, thing.sk, n=9), condition=condition, or_raise=KINDS[kind])
    else:
        write.update(thing, [Thing.n.set(9)], condition=condition, or_raise=KINDS[kind])


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
@pytest.mark.parametrize("failing", KINDS)
def test_a_refused_condition_raises_its_own_error_and_nothing_is_written(
    failing: str, order: tuple[str, ...]
) -> None:
    things = {kind: new_thing(1) for kind in order}
    write = WriteSet()
    for kind, thing in things.items():
        add(write, kind, thing, expected=2 if kind == failing else 1)
    with pytest.raises(KINDS[failing]):
        write.commit()
    assert [found(thing) for thing in things.values()] == [1, 1, 1, 1]


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_writes_of_every_kind_happen_together(order: tuple[str, ...]) -> None:
    things = {kind: new_thing(1) for kind in order}
    write = WriteSet()
    for kind, thing in things.items():
        add(write, kind, thing, expected=1)
    assert len(write) == 4
    write.commit()
    after = {kind: found(thing) for kind, thing in things.items()}
    assert after == {"check": 1, "delete": None, "put": 9, "update": 9}


def test_a_final_refusal_outweighs_one_that_a_fresh_read_may_lift() -> None:
    write = WriteSet()
    write.update(new_thing(1), [Thing.n.set(3)], condition=Thing.n == 2, or_raise=Moved)
    write.put_new(new_thing(1), or_raise=Conflict)
    with pytest.raises(Conflict):
        write.commit()


def test_an_error_with_facts_is_raised_unchanged() -> None:
    write = WriteSet()
    write.put_new(new_thing(), or_raise=Conflict(sku="CUP-RED"))
    with pytest.raises(Conflict) as refused:
        write.commit()
    assert refused.value.facts == {"sku": "CUP-RED"}


def _increment(thing: Thing) -> None:
    write = WriteSet()
    write.update(thing, [Thing.n.set(Thing.n + 1)])
    write.commit()


@pytest.mark.parametrize(
    "fault",
    [
        cancelled("TransactionConflict"),
        cancelled("ThrottlingError"),
        cancelled("ProvisionedThroughputExceeded"),
        answer(400, "TransactionInProgressException"),
    ],
    ids=["conflict", "throttled", "exceeded", "in progress"],
)
def test_passing_refusals_are_retried(fault: Any) -> None:
    thing = new_thing()
    with faults(TRANSACT, fault, fault):
        with_fresh_reads(lambda: _increment(thing))
    assert found(thing) == 1


def test_a_write_throttled_for_long_is_unavailable() -> None:
    thing = new_thing()
    with (
        faults(TRANSACT, *[cancelled("TransactionConflict")] * pauses.ATTEMPTS) as sent,
        pytest.raises(Unavailable),
    ):
        with_fresh_reads(lambda: _increment(thing))
    assert len(sent) == pauses.ATTEMPTS >= 8
    assert found(thing) == 0


def test_a_write_with_a_lost_answer_is_repeated_without_a_second_effect() -> None:
    thing = new_thing()
    with faults(TRANSACT, lost_answer) as sent:
        _increment(thing)
    assert found(thing) == 1
    assert len(sent) == 2
    assert len({body["ClientRequestToken"] for body in sent}) == 1


def _place(thing: Thing) -> Thing:
    write = WriteSet()
    write.put_new(thing, or_raise=Conflict)
    write.commit()
    return thing


def test_a_record_whose_answers_were_all_lost_is_read_back() -> None:
    thing = new_thing(7, saved=False)
    with faults(TRANSACT, *[lost_answer] * 5):
        record, replayed = replay_outranks_refusal(
            lambda: _place(thing), lambda: Thing.find(thing.pk, thing.sk)
        )
    assert (record.n, replayed) == (7, True)


def test_a_record_that_never_arrived_is_unavailable() -> None:
    thing = new_thing(7, saved=False)
    with faults(TRANSACT, *[no_answer] * 5), pytest.raises(Unavailable):
        replay_outranks_refusal(lambda: _place(thing), lambda: Thing.find(thing.pk, thing.sk))
    assert found(thing) is None


def test_a_failed_read_is_an_outage_and_not_a_refusal() -> None:
    thing = new_thing(7)
    with (
        faults("GetItem", *[no_answer] * 5),
        pytest.raises((Unavailable, GetError)) as failed,
    ):
        replay_outranks_refusal(lambda: _place(thing), lambda: Thing.find(thing.pk, thing.sk))
    assert isinstance(failed.value, Unavailable) or is_outage(failed.value)


def test_a_replay_outranks_a_refusal_and_other_content_is_refused() -> None:
    thing = new_thing(7)

    def other_content() -> Thing:
        raise IdempotencyKeyReused()

    def refuse() -> Thing:
        raise Denied()

    assert replay_outranks_refusal(refuse, lambda: thing) == (thing, True)
    with pytest.raises(IdempotencyKeyReused):
        replay_outranks_refusal(refuse, other_content)
    with pytest.raises(Denied):
        replay_outranks_refusal(refuse, lambda: None)


def test_only_throttled_reads_are_outages_and_not_wrong_requests() -> None:
    for fault, passes in (
        (answer(400, "ProvisionedThroughputExceededException"), True),
        (answer(500, "InternalServerError"), True),
        (answer(400, "ValidationException"), False),
        (answer(400, "ResourceNotFoundException"), False),
    ):
        with faults("GetItem", *[fault] * 5), pytest.raises(GetError) as failed:
            Thing.find("a", "b")
        assert is_outage(failed.value) is passes
    assert not is_outage(ValueError())


def test_an_engine_that_cannot_be_reached_is_an_outage() -> None:
    from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError

    for unreachable in (EndpointConnectionError, ConnectTimeoutError):
        assert is_outage(unreachable(endpoint_url="http://nowhere"))


def test_concurrent_writes_all_happen_once() -> None:
    thing = new_thing()

    def once() -> None:
        seen = Thing.find(thing.pk, thing.sk)
        write = WriteSet()
        write.update(thing, [Thing.n.set(seen.n + 1)], condition=Thing.n == seen.n)
        write.commit()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: with_fresh_reads(once), range(5)))
    assert found(thing) == 5


class Part(Item):
    """A thing by its keys alone."""

    class Meta:
        table_name = config().table("campaigns")


def test_an_item_is_put_once_and_found_after() -> None:
    thing = new_thing(1, saved=False)
    assert put_or_find(thing, Thing) is None
    again = Thing(thing.pk, thing.sk, n=2)
    standing = put_or_find(again, Thing)
    assert standing is not None
    assert (standing.pk, standing.n, found(thing)) == (thing.pk, 1, 1)


def test_what_stands_there_is_read_as_the_caller_wants_it() -> None:
    thing = new_thing(1)
    standing = put_or_find(thing, Part)
    assert standing is not None
    assert (type(standing), standing.attribute_values) == (Part, {"pk": thing.pk, "sk": thing.sk})


def test_a_put_whose_answer_was_lost_finds_its_own_item() -> None:
    thing = new_thing(3, saved=False)
    with faults("PutItem", lost_answer):
        standing = put_or_find(thing, Thing)
    assert standing is not None
    assert (standing.n, found(thing)) == (3, 3)


def test_an_update_alone_changes_what_it_names_if_its_condition_holds() -> None:
    thing = new_thing(1)
    assert update_alone(thing, [Thing.n.set(2)], condition=Thing.n == 1)
    assert not update_alone(thing, [Thing.n.set(3)], condition=Thing.n == 1)
    assert found(thing) == 2
    assert update_alone(thing, [Thing.n.set(4)])
    assert found(thing) == 4


def test_an_outage_is_neither_written_nor_refused() -> None:
    thing = new_thing(1)
    busy = answer(400, "ThrottlingException")
    with faults("PutItem", *[busy] * 4), pytest.raises(PutError) as put:
        put_or_find(thing, Thing)
    with faults("UpdateItem", *[no_answer] * 4), pytest.raises(UpdateError) as update:
        update_alone(thing, [Thing.n.set(2)])
    assert is_outage(put.value)
    assert is_outage(update.value)
    assert found(thing) == 1
