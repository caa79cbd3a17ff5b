"""Estimated units of new items equal the exact meter's."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.bench.estimates import Sent
from infra.bench.write_units import Meter, item_size

Hooks = dict[str, Any]


class Client:
    """A client whose hooks see requests like botocore's."""

    def __init__(self) -> None:
        self.meta, self.events = self, self
        self.hooks: list[tuple[str, Any]] = []

    def register(self, event: str, hook: Any) -> None:
        self.hooks.append((event, hook))

    register_first = register

    def send(self, operation: str, params: dict[str, Any], parsed: dict[str, Any]) -> None:
        model = type("Model", (), {"name": operation})
        for event, hook in self.hooks:
            if event.startswith("before-parameter-build"):
                hook(params=params, model=model)
        for event, hook in self.hooks:
            if event.startswith("after-call"):
                hook(parsed=parsed)


def order(status: str, size: int) -> dict[str, Any]:
    item = {
        "pk": {"S": "ord_1"},
        "sk": {"S": "ORDER"},
        "by_member": {"S": "mbr_1"},
        "created_at": {"N": "1795298400000"},
        "text": {"S": "x" * size},
    }
    return item | ({"queue": {"S": status}, "queued_at": {"N": "1"}} if status else {})


PUT, UPDATE, CHECK = "Put", "Update", "ConditionCheck"


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([PUT, UPDATE, CHECK]), st.integers(0, 3000)), min_size=1),
    st.booleans(),
)
def test_an_estimate_equals_the_count_of_the_exact_meter(
    writes: list[tuple[str, int]], refused: bool
) -> None:
    client, sent = Client(), Sent()
    meter = Meter(client)
    sent.watch(client)
    items = [_write(kind, size) for kind, size in writes]
    answer = {"Error": {}} if refused else {}
    client.send("TransactWriteItems", {"TransactItems": items}, answer)
    client.send("GetItem", {"TableName": "jifen-dev-orders", "Key": {}}, {})
    exact = meter.take()
    assert sent.take() == exact.write_units + exact.sparse_units
    assert sent.take() == 0


def _write(kind: str, size: int) -> dict[str, Any]:
    item = order("review" if size % 2 else "", size)
    table = {"TableName": "jifen-dev-orders"}
    if kind == PUT:
        return {kind: {**table, "Item": item}}
    return {kind: {**table, "Key": {name: item[name] for name in ("pk", "sk")}}}


def test_forgotten_requests_are_not_counted() -> None:
    client, sent = Client(), Sent()
    sent.watch(client)
    put = {"TableName": "jifen-dev-orders", "Item": order("review", 10)}
    client.send("PutItem", put, {})
    sent.forget()
    assert sent.take() == 0


@settings(deadline=None)
@given(st.integers(-(10**38), 10**38), st.sampled_from(["", ".0", ".00"]))
def test_a_whole_number_has_one_size_however_it_is_written(number: int, tail: str) -> None:
    assert item_size({"n": {"N": f"{number}{tail}"}}) == item_size({"n": {"N": str(number)}})
