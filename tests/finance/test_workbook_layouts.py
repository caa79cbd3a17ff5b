"""Published files never change: layouts, settings and words of other releases."""

from __future__ import annotations

import hashlib
import io
import itertools
from datetime import date
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from xlsxwriter import Workbook

from chalicelib.earning.rules import PURCHASES
from chalicelib.earning.rules.deciding import OF_TIER
from chalicelib.earning.rules.tasks import Kind
from chalicelib.finance.actions import building, rebuilds
from chalicelib.finance.actions import files as books
from chalicelib.finance.actions.workbook import About
from chalicelib.finance.actions.workbook_cells import Pen
from chalicelib.finance.queries.settlements import find_settlement
from chalicelib.finance.rules import figures, sheets, wording
from chalicelib.finance.rules.printed import LAYOUT_VERSION, PRINTED, Layout
from chalicelib.finance.rules.settlements import Manifest, Settlement
from chalicelib.finance.tables.settlements import SettlementItem
from chalicelib.kernel import clock
from chalicelib.kernel import config as settings
from chalicelib.kernel.config import UnknownSetting
from chalicelib.ledger.rules import accounts
from chalicelib.orders.rules import NEXT, UNDOES
from chalicelib.payments.rules import journal
from chalicelib.tiers.actions.reviews import GIFT
from tests.finance.books import BUCKET, Mall, at
from tests.finance.november import play

XLSX = "settlement.xlsx"
# As the first release wrote it: without a layout.
FIRST_MANIFEST = b"""{
  "day": "2026-11-21",
  "currency": "CNY",
  "time_zone": "Asia/Shanghai",
  "files": [
    {
      "name": "settlement.xlsx",
      "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      "bytes": 23,
      "rows": 4,
      "totals": {}
    }
  ],
  "figures": [
    {
      "section": "payments",
      "name": "charges",
      "unit": "CNY",
      "value": 1980,
      "lines": 1
    }
  ]
}
"""
# Of the workbook below. Other bytes for the same lines want another LAYOUT_VERSION: a settled
# day would not be rebuilt to the bytes that were published.
GOLDEN = (5, "069c1afb738606dc60dd948b384833cf165573da1e0581763ef06d0d5df9e642")


def settled(day: int) -> Settlement:
    found = find_settlement(clock.program_day(at(day)), "CNY")
    assert found is not None
    return found


def as_the_first_release(mall: Mall, day: int) -> bytes:
    """Put a settlement's workbook and item as the first release has left them; the workbook."""
    workbook = b"the workbook of a release that is gone"
    found, changed = settled(day), msgspec.structs.replace
    files = tuple(
        changed(file, sha256=hashlib.sha256(workbook).hexdigest()) if file.name == XLSX else file
        for file in found.manifest.files
    )
    manifest = changed(found.manifest, files=files, workbook=None)
    SettlementItem.of(changed(found, manifest=manifest)).save()
    put(mall, day, XLSX, workbook)
    put(mall, day, "manifest.json", manifest.text())
    return workbook


def put(mall: Mall, day: int, name: str, body: bytes) -> None:
    key = f"settlements/2026-11-{day:02d}/CNY/{name}"
    mall.s3.put_object(Bucket=BUCKET, Key=key, Body=body)


def test_a_manifest_of_the_first_release_is_written_back_byte_for_byte() -> None:
    manifest = msgspec.json.decode(FIRST_MANIFEST, type=Manifest)
    assert manifest.text() == FIRST_MANIFEST
    assert not manifest.has_current_workbook


def test_a_rebuild_of_a_first_release_settlement_compares_its_files_but_not_its_workbook(
    mall: Mall,
) -> None:
    play(mall)
    mall.settle(at(3, 0, 30))
    workbook, points = as_the_first_release(mall, 2), mall.file(2, "points.csv")
    manifest = mall.file(2, "manifest.json")
    put(mall, 2, "points.csv", b"changed by hand")
    assert rebuilds.rebuild(settled(2)) == ((), (XLSX,))
    assert mall.file(2, "points.csv") == points
    assert mall.file(2, XLSX) == workbook
    assert mall.file(2, "manifest.json") == manifest


@pytest.mark.parametrize("is_lost", [True, False])
def test_a_lost_or_changed_workbook_of_the_first_release_is_reported(
    mall: Mall, is_lost: bool
) -> None:
    play(mall)
    mall.settle(at(3, 0, 30))
    as_the_first_release(mall, 2)
    put(mall, 2, XLSX, b"changed by hand")
    if is_lost:
        mall.s3.delete_object(Bucket=BUCKET, Key=f"settlements/2026-11-02/CNY/{XLSX}")
    put(mall, 2, "points.csv", b"changed by hand")
    assert rebuilds.rebuild(settled(2)) == ((XLSX,), (XLSX,))
    assert mall.file(2, "points.csv") == b"changed by hand"


def test_a_rebuild_uses_the_published_layout_not_the_current_settings(
    mall: Mall,
) -> None:
    mall.settings(books_language="en", settlement_sheet_rows=3)
    play(mall)
    mall.settle(at(3, 0, 30))
    assert settled(2).manifest.workbook == Layout(LAYOUT_VERSION, "en", 3)
    before = mall.file(2, XLSX)
    mall.settings(books_language="zh-CN", settlement_sheet_rows=20_000)
    put(mall, 2, XLSX, b"lost")
    assert rebuilds.rebuild(settled(2)) == ((), ())
    assert mall.file(2, XLSX) == before


def golden(folder: Path, language: str) -> bytes:
    """A workbook with a line in each sheet and every word that there is."""
    about = About(date(2026, 11, 2), "CNY", "Asia/Shanghai", Layout(LAYOUT_VERSION, language, 9))
    made = books.SettlementFiles(folder, about)
    time = "2026-11-02T08:00:00.000+08:00"
    for sheet in sheets.SHEETS:
        made.add(sheet, tuple(sample(sheet, column, time) for column in sheet.columns))
    order = tuple(sample(sheets.DAY_ORDERS, each, time) for each in sheets.DAY_ORDERS.columns)
    accounts = itertools.product(journal.ACCOUNTS, ("opening", "debit", "credit", "closing"))
    told = [
        figures.SummaryFigure(
            figures.Figure("orders", "points_spent", "points", 7, 1), figures.NUMBER
        ),
        *(
            figures.SummaryFigure(figures.Figure(account, name, "CNY", 7, 1), figures.MONEY)
            for account, name in accounts
        ),
    ]
    others = ("points_back", "cash_paid", "cash_back")
    told += [
        figures.SummaryFigure(figures.Figure("orders", each, "CNY", 0), "money") for each in others
    ]
    told.append(figures.SummaryFigure(figures.Figure("fees", "fees", "CNY", 7, 1), figures.MONEY))
    made.finish(told, iter([order]), False)
    made.close()
    return (folder / XLSX).read_bytes()


def sample(sheet: sheets.Sheet, column: str, time: str) -> str | int:
    if column in sheet.numbers or column in {"seq", "age_days", "order_points", "order_cash"}:
        return 7
    dates = {
        "recorded_at": time,
        "occurred_at": time,
        "first_at": time,
        "placed_at": time,
        "opened_on": "2026-11-01",
    }
    return dates.get(column, f"{sheet.name} {column}")


def test_a_changed_workbook_needs_another_version(tmp_path: Path) -> None:
    digest = hashlib.sha256()
    for language in ("zh-CN", "en"):
        folder = tmp_path / language
        folder.mkdir()
        digest.update(golden(folder, language))
    assert (LAYOUT_VERSION, digest.hexdigest()) == GOLDEN


def test_every_code_has_its_own_word_in_both_languages() -> None:
    types = {
        value
        for name, value in vars(journal).items()
        if name.isupper() and isinstance(value, str) and ":" not in value
    }
    assert types == set(wording.TYPES)
    assert set(journal.ACCOUNTS) == set(wording.ACCOUNTS) == set(wording.ACCOUNT_NOTES)
    assert set(figures.FLOWS) == set(wording.FLOWS)
    states = {state for _, _, state in NEXT} | set(NEXT.values())
    assert states == set(wording.STATES)
    entries = {
        accounts.ACCRUAL,
        accounts.UNLOCK,
        accounts.REDEMPTION,
        accounts.REVERSAL,
        accounts.HOLD,
        accounts.CAPTURE,
        accounts.RELEASE,
        accounts.EXPIRY,
        accounts.TRANSFER_OUT,
        accounts.TRANSFER_IN,
        accounts.MERGE_OUT,
        accounts.MERGE_IN,
        accounts.ADJUSTMENT,
        accounts.CLAWBACK,
    }
    assert entries == set(wording.ENTRY_TYPES)
    for kind, words in wording.CODES.items():
        if kind != "figure":
            for language in ("zh-CN", "en"):
                told = [each.in_language(language) for each in words.values()]
                assert len(set(told)) == len(told), kind


@pytest.mark.parametrize(
    ("source", "rule", "zh", "en"),
    [
        ("expiry", "", ("到期失效", None), ("Expiry", None)),
        ("adjustment:adj_1", "", ("adj_1", None), ("adj_1", None)),
        ("transfer:trf_1", "", ("trf_1", None), ("trf_1", None)),
        ("member:mbr_1", "", ("赠送人 mbr_1", None), ("From mbr_1", None)),
        ("order:ord_1", "cancelled", ("ord_1", "订单取消"), ("ord_1", "Order cancelled")),
        ("order:ord_1", "rejected", ("ord_1", "订单驳回"), ("ord_1", "Order rejected")),
        ("order:ord_1", "refund", ("ord_1", "商品退款"), ("ord_1", "Refund of goods")),
        ("shop:77", "purchases", ("shop:77", "购物得积分"), ("shop:77", "Points for purchases")),
        ("task:tsk_1", "check_in", ("task:tsk_1", "签到"), ("task:tsk_1", "Check-in")),
        (
            "birthday_gift",
            "birthday_gift",
            ("生日礼", "生日礼"),
            ("Birthday gift", "Birthday gift"),
        ),
        ("shop:77", "of_theirs", ("shop:77", "of_theirs"), ("shop:77", "of_theirs")),
        ("shop::77", "", ("shop::77", None), ("shop::77", None)),
        ("adjustment:77", "", ("adjustment:77", None), ("adjustment:77", None)),
    ],
)
def test_sources_of_points_have_words_and_unknown_ones_are_shown_as_they_are(
    source: str, rule: str, zh: tuple[str, str | None], en: tuple[str, str | None]
) -> None:
    for language, told in (("zh-CN", zh), ("en", en)):
        pen = Pen(Workbook(io.BytesIO()), language, "CNY")
        [points] = [each for each in PRINTED if each.name == "points"]
        columns = [points.columns[points.at(name)] for name in ("source", "rule")]
        assert (pen.text(columns[0], source), pen.text(columns[1], rule) or None) == told


def test_every_rule_that_gives_or_returns_points_has_a_word() -> None:
    """But those that ops write, whose ids and versions are told."""
    built_in = {PURCHASES.id, OF_TIER, GIFT, *get_args(Kind)}
    assert {*UNDOES, "refund", *built_in} == set(wording.RULES)


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert wording.word_for("type", "gift", "zh-CN") == "gift"


def test_every_printed_column_and_sum_comes_from_its_sheet() -> None:
    for printed in PRINTED:
        assert len(printed.columns) < 27
        for column in printed.columns:
            assert column.name in printed.sheet.columns
            if column.is_total:
                assert column.name in printed.sheet.numbers


def test_an_unknown_language_is_refused_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIFEN_BOOKS_LANGUAGE", "de")
    settings.config.cache_clear()
    try:
        with pytest.raises(UnknownSetting, match=r"JIFEN_BOOKS_LANGUAGE: .*'de'"):
            settings.config()
    finally:
        monkeypatch.undo()
        settings.config.cache_clear()


def test_a_sheet_never_holds_more_lines_than_a_spreadsheet_has(mall: Mall) -> None:
    mall.settings(settlement_sheet_rows=5_000_000)
    assert building.layout().most_rows == 1_048_573
