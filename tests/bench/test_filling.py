"""An engine filled through its file holds the same items as one filled by puts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.kernel import clock
from infra.bench import histories
from infra.bench.bookkeeper import Bookkeeper, bookkeeper
from infra.bench.engine_file import FILE
from infra.bench.filling import TABLE, Loaded, with_entries
from infra.bench.tasks import USE_CASES
from infra.local.resources import dynamodb_client

ACCOUNTS, EACH = 3, 12
LAST_MS = clock.to_ms(clock.now()) - 3 * histories.DAY_MS


@pytest.fixture(scope="module")
def loaded() -> Iterator[Loaded]:
    with with_entries(ACCOUNTS, ACCOUNTS * EACH, LAST_MS) as made:
        yield made


@pytest.fixture(scope="module")
def keeper(loaded: Loaded) -> Iterator[Bookkeeper]:
    with bookkeeper(loaded.endpoint) as made:
        yield made


@pytest.fixture(scope="module")
def as_filled(keeper: Bookkeeper) -> tuple[int, ...]:
    """A verification of the engine before a test adds to it: accounts, entries, problems."""
    accounts, entries, problems, _ = keeper.do("verify")
    return accounts, entries, problems


def row_of(folder: Path, pk: str, sk: str) -> dict[str, Any]:
    with sqlite3.connect(folder / FILE) as database:
        found = database.execute(
            f'SELECT * FROM "{TABLE}" WHERE CAST(hashKey AS TEXT) = ?'
            " AND CAST(rangeKey AS TEXT) = ?",
            (pk, sk),
        )
        names = [column[0] for column in found.description]
        row = dict(zip(names, found.fetchone(), strict=True))
    row["ObjectJSON"] = json.loads(row["ObjectJSON"])
    return row


def test_a_row_added_to_the_file_equals_the_row_of_the_engine(loaded: Loaded) -> None:
    from chalicelib.ledger.tables import EntryItem

    _, entries = histories.history(1, EACH, LAST_MS)
    for entry in entries[-2:]:
        item = EntryItem.of(entry).serialize()
        key = item["pk"]["S"], item["sk"]["S"]
        ours = row_of(loaded.folder, *key)
        dynamodb_client(loaded.endpoint).put_item(TableName=TABLE, Item=item)
        theirs = row_of(loaded.folder, *key)
        # The digest of both keys, which breaks ties in global indexes, is the engine's own.
        assert {**ours, "hashRangeValue": None} == {**theirs, "hashRangeValue": None}


def test_a_filled_engine_is_a_sound_ledger(as_filled: tuple[int, ...]) -> None:
    assert as_filled == (ACCOUNTS, ACCOUNTS * EACH, 0)


def test_every_timed_use_case_does_its_work_and_leaves_the_ledger_sound(
    keeper: Bookkeeper, as_filled: tuple[int, ...]
) -> None:
    accounts = [histories.account_id(number) for number in range(2)]
    keeper.do("open_desk", accounts, clock.now())
    assert all(keeper.do("timed", name) > 0 for name in USE_CASES)
    _, entries, problems, _ = keeper.do("verify")
    warm_up, timed = 2 * 2 * 12, len(USE_CASES) - 3
    two_sided, prepared = 1, 3
    assert (entries - as_filled[1], problems) == (warm_up + timed + two_sided + prepared, 0)


@pytest.mark.parametrize("length", [1, 3, 40, 400])
def test_a_history_of_any_length_is_sound_and_ends_with_one_lot(length: int) -> None:
    from chalicelib.ledger.rules import replay

    account, entries = histories.history(7, length, LAST_MS)
    assert len(entries) == length
    assert len(account.lots) == 1
    assert replay.check(account, entries) == []
    references = [entry.reference for entry in histories.history(8, length, LAST_MS)[1]]
    assert references == [entry.reference for entry in entries]


def test_a_bookkeeper_reports_its_failure(keeper: Bookkeeper) -> None:
    with pytest.raises(RuntimeError, match="timed"):
        keeper.do("timed", "nothing of the kind")
