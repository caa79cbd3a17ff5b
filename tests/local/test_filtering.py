"""A stream's filters: each relay of payments is called for its own items."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.kernel.store.streams import Change
from chalicelib.payments import events as payments_events
from chalicelib.withdrawals import events as withdrawals_events
from infra.local.filtering import passes, patterns
from infra.local.template import load

RELAYS = {"PaymentsRelay": payments_events, "WithdrawalsRelay": withdrawals_events}
CORPUS = Path(__file__).parents[1] / "corpus"


def filters(function: str) -> Any:
    (source,) = load().resources[function]["Properties"]["Events"].values()
    return patterns(source["Properties"])


def images() -> list[dict[str, Any]]:
    """The payments table's items of every release."""
    lines = [line for each in CORPUS.glob("*/items.jsonl") for line in each.open(encoding="utf-8")]
    return [row["item"] for row in map(json.loads, lines) if row["table"] == "payments"]


@pytest.mark.parametrize("function", RELAYS)
def test_a_relay_is_called_for_each_item_that_it_publishes(function: str) -> None:
    wanted, told = filters(function), 0
    for image in images():
        keys = {name: image[name] for name in ("pk", "sk")}
        if RELAYS[function].facts_of(Change("1", None, image)):
            assert passes(wanted, {"dynamodb": {"Keys": keys}}), keys
            told += 1
    assert told > 3


def test_no_item_calls_both_relays() -> None:
    wanted = [filters(function) for function in RELAYS]
    for image in images():
        record = {"dynamodb": {"Keys": {"pk": image["pk"]}}}
        assert sum(passes(each, record) for each in wanted) <= 1


def test_a_stream_without_filters_passes_everything() -> None:
    assert passes(patterns({}), {"dynamodb": {}})


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ({"a": {"b": ["x"]}}, True), ({"a": {"b": ["y", "x"]}}, True), ({"a": {"b": ["y"]}}, False),
        ({"a": {"c": ["x"]}}, False), ({"a": {"b": [{"prefix": "x"}]}}, True),
        ({"a": {"b": [{"prefix": "xx"}]}}, False), ({"b": {"b": ["x"]}}, False),
    ],
)  # fmt: skip
def test_a_record_fits_by_value_or_by_prefix(pattern: Any, fits: bool) -> None:
    settings = {"FilterCriteria": {"Filters": [{"Pattern": json.dumps(pattern)}]}}
    assert passes(patterns(settings), {"a": {"b": "x"}}) == fits


def test_a_rule_that_the_local_stack_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="anything-but"):
        passes([{"a": [{"anything-but": "x"}]}], {"a": "y"})
