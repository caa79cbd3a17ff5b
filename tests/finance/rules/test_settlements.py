"""Manifests of days, trial balances of months, states of rebuilds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.finance.rules import sheets
from chalicelib.finance.rules.figures import AccountDay, Figure
from chalicelib.finance.rules.printed import LAYOUT_VERSION, Layout
from chalicelib.finance.rules.rebuilds import STALLED_AFTER_MS, Rebuild
from chalicelib.finance.rules.settlements import (
    File,
    Manifest,
    OpenLine,
    Settlement,
    object_key,
    settlement_id,
)
from chalicelib.finance.rules.trial_balances import AccountMonth, month_ends, trial_balance
from chalicelib.finance.rules.wording import word_for
from chalicelib.payments.rules import journal
from tests.finance.rules.making import DAY

pytestmark = pytest.mark.pure


def file(name: str, sha256: str = "a", rows: int = 1) -> File:
    return File(name, sha256, 10, rows, {})


FILES = tuple(
    file(f"{sheet.name}.csv", rows=number + 1) for number, sheet in enumerate(sheets.SHEETS)
)


def manifest(day: date = DAY, **other: Any) -> Manifest:
    given = {"files": FILES, "figures": (Figure("s", "n", "CNY", 7),)} | other
    return Manifest(day, "CNY", "Asia/Shanghai", **given)


def test_a_manifest_has_its_day_and_its_movements() -> None:
    assert manifest().settlement_id == settlement_id(DAY, "CNY") == "2026-11-21-CNY"
    assert object_key(DAY, "CNY", "a.csv") == "settlements/2026-11-21/CNY/a.csv"
    assert manifest().movements == 2 + 3 + 5 + 6 + 7
    assert manifest(files=(file("a"), file("b", "x"))).digest_of("b") == "x"


def test_the_text_of_a_manifest_ends_with_a_line_break_and_gives_its_digest() -> None:
    text = manifest(files=(), figures=()).text()
    assert text == (
        b'{\n  "day": "2026-11-21",\n  "currency": "CNY",\n  "time_zone": "Asia/Shanghai",\n'
        b'  "files": [],\n  "figures": []\n}\n'
    )


def test_files_differ_where_their_bytes_or_their_names_do() -> None:
    one = manifest(files=(file("a"), file("b"), file("c")))
    other = manifest(files=(file("b", "x"), file("c"), file("d")))
    assert one.differs_in(other) == other.differs_in(one) == ("a", "b", "d")
    assert one.differs_in(one) == ()


def test_a_workbook_is_current_in_the_layout_of_this_code() -> None:
    assert manifest(workbook=Layout(LAYOUT_VERSION, "en", 9)).has_current_workbook
    assert not manifest(workbook=Layout(LAYOUT_VERSION - 1, "en", 9)).has_current_workbook
    assert not manifest().has_current_workbook


def settled(day: date, opening: int, debit: int, credit: int) -> Settlement:
    accounts = {account: AccountDay(0, 0, 0) for account in journal.ACCOUNTS}
    accounts[journal.CARRIERS] = AccountDay(opening, debit, credit)
    line = OpenLine(journal.CARRIERS, "order:ord_1", 5, day, "cod:ord_1")
    return Settlement(manifest(day), accounts, (line,), 3, 0)


def test_a_settlement_has_a_figure_or_0() -> None:
    one = settled(DAY, 0, 0, 0)
    assert (one.id, one.figure("s", "n"), one.figure("s", "x"), one.figure("x", "n")) == (
        "2026-11-21-CNY",
        7,
        0,
        0,
    )


def test_a_month_opens_as_its_first_day_and_closes_as_its_last() -> None:
    days = [
        settled(date(2026, 10, 31), 0, 9, 2),
        settled(date(2026, 11, 1), 7, 5, 1),
        settled(date(2026, 11, 3), 11, 4, 15),
    ]
    first, last = month_ends("2026-11")
    found = trial_balance("2026-11", days, last, date(2026, 11, 3))
    carriers = next(each for each in found.accounts if each.account == journal.CARRIERS)
    assert carriers == AccountMonth(journal.CARRIERS, 7, 9, 16, 0)
    assert (found.debit, found.credit, found.clearing_is_zero) == (9, 16, True)
    assert (found.month, found.currency, found.until) == ("2026-11", "CNY", date(2026, 11, 3))
    assert (found.is_closed, found.open_count) == (False, 3)
    assert found.open_lines == days[-1].open_lines
    assert len(found.accounts) == len(journal.ACCOUNTS)
    assert first == date(2026, 11, 1)


def test_a_month_without_movements_opens_as_the_last_one_closed() -> None:
    days = [settled(date(2026, 10, 31), 0, 9, 2)]
    last = date(2026, 11, 30)
    found = trial_balance("2026-11", days, last, last)
    carriers = next(each for each in found.accounts if each.account == journal.CARRIERS)
    assert carriers == AccountMonth(journal.CARRIERS, 7, 0, 0, 7)
    assert (found.is_closed, found.clearing_is_zero) == (True, False)
    assert trial_balance("2026-11", days, last, date(2026, 12, 9)).until == last


def test_a_day_that_opens_otherwise_than_the_last_one_closed_is_a_mistake() -> None:
    days = [settled(date(2026, 11, 1), 0, 9, 2), settled(date(2026, 11, 2), 8, 0, 0)]
    with pytest.raises(AssertionError, match=r"^each day opens as the last one closed$"):
        trial_balance("2026-11", days, DAY, DAY)


def test_a_month_ends_with_its_last_day() -> None:
    assert month_ends("2026-12") == (date(2026, 12, 1), date(2026, 12, 31))
    assert month_ends("2028-02") == (date(2028, 2, 1), date(2028, 2, 29))
    assert month_ends("2027-02")[1] == date(2027, 2, 28)


def test_a_rebuild_without_progress_for_long_has_failed() -> None:
    made = Rebuild("rbd_1", DAY, "CNY", 100, 9)
    assert made.status(100 + STALLED_AFTER_MS) == "running"
    assert made.status(101 + STALLED_AFTER_MS) == "failed"
    moved = Rebuild("rbd_1", DAY, "CNY", 100, 9, moved_at_ms=200)
    assert moved.status(200 + STALLED_AFTER_MS) == "running"
    assert moved.status(201 + STALLED_AFTER_MS) == "failed"
    done = Rebuild("rbd_1", DAY, "CNY", 100, 9, differs=())
    assert done.status(10**15) == "done"


def test_a_code_without_a_word_is_shown_as_it_is() -> None:
    assert word_for("type", "charge", "en") == "Charge"
    assert word_for("type", "charge", "zh-CN") == "在线收款"
    assert word_for("type", "new_code", "en") == "new_code"
