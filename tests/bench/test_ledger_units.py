"""The costs of the ledger's largest use cases, beside the promises and the floor."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from chalicelib.kernel import secrets
from infra.bench import ledger_units, sizes
from infra.bench.in_process import InProcess
from infra.bench.use_cases import UseCase
from infra.bench.write_units import item_size
from tests.conftest import SECRETS

KB = 1024


@pytest.fixture(scope="module")
def use_cases(engine: str) -> Iterator[dict[str, UseCase]]:
    assert os.environ["AWS_ENDPOINT_URL_DYNAMODB"] == engine
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "_secret", SECRETS.__getitem__)
        here = InProcess()
        try:
            yield {case.name: case for case in ledger_units.measure(here, "shop-1")}
        finally:
            here.stop_measuring()


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("Transfer to a member, with the longest message", 12),
        ("Hold and capture", 14),
        ("Release", 7),
        ("Expiry of one account", 8),
    ],
)
def test_each_use_case_stays_within_its_promised_write_units(
    use_cases: dict[str, UseCase], name: str, most: int
) -> None:
    case = use_cases[name]
    assert case.most_writes == most
    assert case.spent.write_units <= most, case.spent.lines
    assert case.holds
    assert case.largest < KB


def test_a_balance_is_one_read_and_a_page_of_history_one_query_at_their_largest(
    use_cases: dict[str, UseCase],
) -> None:
    balance = use_cases["Balance"].spent
    assert (balance.requests, balance.read_units) == (["GetItem"], 1)
    assert use_cases["A page of history, 20 entries"].spent.requests == ["Query"]


def test_no_use_case_writes_more_than_its_floor(use_cases: dict[str, UseCase]) -> None:
    above = {
        name: (case.spent.write_units, str(case.floor))
        for name, case in use_cases.items()
        if case.floor is None or case.spent.write_units > case.floor.units
    }
    assert above == {}


def test_only_entries_that_touch_many_lots_take_a_second_kb(
    use_cases: dict[str, UseCase],
) -> None:
    larger = {name for name, case in use_cases.items() if case.largest >= KB}
    assert larger == {
        "Transfer of all of 36 lots, with the longest message",
        "Hold of all of 36 lots",
        "Capture of 1 point of it",
    }


def test_an_account_stays_under_1_kb_with_36_lots_and_an_entry_of_one_lot_too() -> None:
    found = sizes.measure()
    assert [size for size in found if not size.holds] == []
    assert sum(size.below == KB for size in found) == 5
    assert all(size.size < 2 * KB for size in found)


def test_items_of_a_raw_page_are_counted_as_read(
    use_cases: dict[str, UseCase],
) -> None:
    """The statement's 108 entries come as text that botocore never parses."""
    statement = use_cases["Statement of a month of 108 entries"].spent
    assert statement.read_units > 108 * 400 / 4 / KB
    assert item_size({"b": {"B": b"1234"}}) == 5
