"""The ledger on a real engine: idempotent by reference, exact under threads, small items."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib import ledger
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import Credit, EntryExists, InsufficientPoints
from chalicelib.ledger.rules import MAX_POINTS, Account, Effect, Entry
from chalicelib.ledger.tables import AccountItem, EntryItem
from tests.ledger.books import LATER, NOW, cause, give, new_account, spend

pytestmark = pytest.mark.usefixtures("engine")


def test_a_reference_is_recorded_once() -> None:
    account_id = new_account()
    give(account_id, 5, "r1")
    before = ledger.find_account(account_id)
    with pytest.raises(EntryExists):
        give(account_id, 5, "r1")
    assert ledger.find_account(account_id) == before


def test_the_same_reference_is_free_in_another_account() -> None:
    first, second = new_account(), new_account()
    give(first, 5, "r1")
    give(second, 5, "r1")
    assert ledger.find_account(second).posted == 5


def test_a_write_on_a_stale_account_is_refused() -> None:
    account_id = new_account()
    stale = ledger.find_account(account_id)
    give(account_id, 5, "r1")
    writes = WriteSet()
    ledger.accrue(writes, stale, [Credit(5, LATER, cause("r2"))], NOW)
    with pytest.raises(Moved):
        writes.commit()
    assert ledger.find_account(account_id).posted == 5


def test_stored_values_are_read_back_unchanged() -> None:
    account_id = new_account()
    give(account_id, 5, "r1")
    made = spend(account_id, 3, "r2")
    stored = ledger.find_entry(account_id, "r2")
    assert stored == made
    assert stored.hash == ledger.find_account(account_id).head_hash


def test_threads_never_spend_a_point_twice() -> None:
    account_id = new_account()
    give(account_id, 50, "start")

    def try_to_spend(number: int) -> bool:
        try:
            spend(account_id, 10, f"spend:{number}")
        except InsufficientPoints:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(try_to_spend, range(16)))
    assert sum(done) == 5
    account = ledger.find_account(account_id)
    assert account.posted == 0
    assert account.seq == 6


def size_of(item: AccountItem | EntryItem) -> int:
    from infra.bench.write_units import item_size

    return item_size(item.serialize())


def test_an_account_with_36_lots_of_the_largest_numbers_is_under_1_kb() -> None:
    lots = {LATER + number: MAX_POINTS - number - 1 for number in range(36)}
    account = Account(
        new_account().replace("points", "rebate_cash"),
        posted=36 * MAX_POINTS - 667,
        held=MAX_POINTS - 1,
        pending=MAX_POINTS - 1,
        debt=0,
        lots=lots,
        seq=10**9 - 1,
        head_hash=b"x" * 32,
        last_at_ms=10**13 - 1,
        accrued=10**14 - 1,
        redeemed=10**14 - 1,
        expired=10**14 - 1,
        transferred=-(10**14) + 1,
        adjusted=-(10**14) + 1,
        sent_on=10**6 - 1,
        sent=10**6 - 1,
        sends=99,
        reminded_s=LATER,
    )
    assert size_of(AccountItem.of(account)) < 1024


def test_an_entry_at_maximal_lengths_is_under_1_kb() -> None:
    lots = {LATER + number: -MAX_POINTS + number + 1 for number in range(13)}
    reference = "order_paid:" + "p" * 32 + ":" + "o" * 64 + ":" + "r" * 32
    entry = Entry(
        new_account(),
        10**9 - 1,
        "transfer_out",
        -13 * MAX_POINTS + 78,
        10**13 - 1,
        Effect(lots, contra="transfers"),
        reference,
        "p" * 32 + ":" + "o" * 64,
        "r" * 32,
        b"x" * 12,
        10**13 - 1,
        10**13 - 1,
        b"x" * 32,
    )
    assert size_of(EntryItem.of(entry)) < 1024
