"""The workbook of an accountant: its figures, its checks, its layout."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.finance.rules.printed import FOLDED, SIGNS
from chalicelib.payments.rules import journal
from tests.finance.books import Mall, at
from tests.finance.november import play
from tests.finance.sheets import local, read
from tests.finance.spreadsheet import Spreadsheet

MONEY = '#,##0.00;[Red]-#,##0.00;"-"'


def played(mall: Mall, **settings: Any) -> Spreadsheet:
    mall.settings(**settings)
    play(mall)
    mall.settle(at(4, 0, 30))
    return read(mall)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_formula_computes_its_stored_value(mall: Mall, language: str) -> None:
    book = played(mall, books_language=language)
    formulas = book.formulas()
    assert len(formulas) > 90
    for sheet, cell, formula in formulas:
        assert book.computed(sheet, formula) == book.kept(sheet, cell), (sheet, cell, formula)


def test_the_summary_shows_the_figures_of_the_csv_in_words_and_yuan(mall: Mall) -> None:
    book, figures = played(mall), mall.figures(2)
    flows = book.table("一、订单与资金")
    assert flows["使用积分"][0] == -figures["orders", "points_spent"] == -1_300
    assert flows["退回积分"][0] == figures["orders", "points_back"] == 500
    assert flows["订单收款"][1] == figures["orders", "cash_paid"] / 100 == 103.80
    assert flows["订单退款"][1] == -figures["orders", "cash_back"] / 100 == -14
    assert flows["商品成本"][1] == -57
    assert flows["每积分成本"][1] == 0.0265
    counts = {item: cells[2] for item, cells in flows.items() if "订单" in str(cells[3])}
    assert [item for item, count in counts.items() if count is None] == [
        "商品成本",
        "其中：积分承担的成本",
        "成本已知的积分（净额）",
    ]
    assert (counts["使用积分"], counts["退回积分"], counts["订单收款"]) == (2, 1, 4)
    assert flows["在线收款"][1:] == [76.80, 3, "收款"]
    assert flows["支付手续费"][1] == -figures["fees", "fees"] / 100 == -17.61
    assert flows["会员提现（已减退回）"][1] == -12
    accounts = book.table("二、科目余额")
    assert accounts["银行存款"] == [0, 50, 0, 50]
    sales = [figures["income:sales", side] / 100 for side in ("debit", "credit")]
    assert accounts["销售收入"] == [0, sales[0], -sales[1], sales[0] - sales[1]]
    assert accounts["合计"] == [0, accounts["合计"][1], -accounts["合计"][1], 0]
    points = book.table("三、会员积分")
    assert points["期初"] == [2_000, 0, 0, None]
    assert points["发放"] == [300, 7, 12, None]
    assert points["使用"][0] == -800
    assert points["期末"] == [1_482, 7, 12, None]
    assert points["另：待领取的转赠"][0] == 13


def test_all_checks_tie(mall: Mall) -> None:
    checks = played(mall).table("四、核对")
    assert len(checks) == 5
    assert {tuple(cells[2:]) for cells in checks.values()} == {(0, "相符")}
    assert checks["未清项合计 ＝ 往来科目期末余额"][0] == 19.80


def test_debits_and_credits_are_compared_as_unsigned_amounts(mall: Mall) -> None:
    sheet = played(mall).book["汇总"]
    [row] = [row for row in sheet.iter_rows() if row[0].value == "借方合计 ＝ 贷方合计"]
    assert [cell.number_format for cell in row[1:4]] == [MONEY] * 3


def test_all_sheets_use_one_sign_and_the_first_one_explains_it(mall: Mall) -> None:
    book = played(mall)
    told = [row[0].value for row in book.book["汇总"].iter_rows(max_row=6)]
    assert SIGNS.zh in told
    assert FOLDED.zh in told
    signs = {
        (name, line["业务类型"]): line["金额（元）"]
        for name in ("收款", "退款", "争议", "划转与提现")
        for line in book.lines(name)
    }
    out = {"货到付款未收到", "退款", "争议扣款", "会员提现"}
    assert {kind for (_, kind), amount in signs.items() if amount < 0} == out
    assert all(line["手续费（元）"] < 0 for line in book.lines("手续费"))
    for line in book.lines("订单"):
        assert line["使用积分"] <= 0 <= line["退回积分"]
        assert line["订单总积分"] <= 0 <= line["订单总现金（元）"]
        assert line["退款（元）"] <= 0 <= line["收款（元）"]
    flows = {line["收支类别"]: line["数量"] for line in book.lines("积分明细")}
    assert flows["发放"] > 0 > flows["转赠在途"]
    for name in ("收款", "退款", "争议", "划转与提现"):
        legs = [head for head in book.lines(name)[0] if head[:-3] in set(ACCOUNT_WORDS)]
        for line in book.lines(name):
            assert round(sum(line[leg] for leg in legs), 2) == 0


ACCOUNT_WORDS = (
    "支付平台存款", "银行存款", "应收快递公司代收款",
    "待退款项", "争议暂扣款", "销售收入",
    "支付手续费", "返利支出", "争议损失",
)  # fmt: skip


def test_a_quiet_day_is_one_page_of_few_rows_without_zeros(mall: Mall) -> None:
    book = played(mall)
    assert "争议胜诉退回" not in book.table("一、订单与资金")
    assert "争议损失" not in book.table("二、科目余额")
    assert "过期" not in book.table("三、会员积分")
    mall.settle(at(6, 0, 30))
    quiet = read(mall, 5)
    assert quiet.names == ["汇总", "名词对照"]
    assert list(quiet.table("一、订单与资金")) == ["无"]
    assert quiet.book["汇总"].max_row < 40
    first = read(mall, 1)
    assert first.names == ["汇总", "积分明细", "名词对照"]
    assert list(first.table("二、科目余额")) == ["无"]


def test_amounts_are_numbers_in_yuan_and_times_are_the_programs(mall: Mall) -> None:
    book = played(mall)
    line = book.lines("收款")[0]
    assert line["记账时间"] == local(0, 1)
    assert (line["业务类型"], line["金额（元）"]) == ("在线收款", 19.80)
    assert (line["支付平台存款（元）"], line["支付手续费（元）"]) == (19.20, 0.60)
    assert line["业务单号"].startswith("ord_")
    sheet = book.book["收款"]
    assert sheet["A2"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert sheet["E2"].number_format == MONEY
    assert sheet["F2"].number_format == '"借" #,##0.00;"贷" #,##0.00;"-"'
    [open_item] = book.lines("未清项")
    assert (open_item["科目"], open_item["余额（元）"]) == ("争议暂扣款", 19.80)
    assert (open_item["起始日"].date(), open_item["账龄（天）"]) == (date(2026, 11, 2), 0)
    [rebate] = [each for each in book.lines("积分明细") if each["积分种类"] == "返利"]
    assert rebate["数量"] == 12


def test_a_currency_without_minor_units_has_no_decimals(mall: Mall) -> None:
    mall.charge("ch_1", mall.order(0, 1_980, currency="JPY"), 1_980, 60, at(1), currency="JPY")
    mall.settle(at(2, 0, 30))
    book = read(mall, 1, "JPY")
    assert book.lines("收款")[0]["金额（JPY）"] == 1_980
    assert book.book["收款"]["E2"].number_format == '#,##0;[Red]-#,##0;"-"'


def test_a_sheet_with_too_many_lines_names_the_csv_and_has_fixed_totals(mall: Mall) -> None:
    book = played(mall, settlement_sheet_rows=3)
    assert "全部明细见 points.csv" in book.book["积分明细"]["A5"].value
    assert "全部明细见 orders.csv" in book.book["订单"]["A5"].value
    assert book.book["积分明细"].max_row == book.book["订单"].max_row == 5
    assert len(mall.rows(2, "points")) > 3
    formulas = {(sheet, cell) for sheet, cell, _ in book.formulas()}
    assert book.table("三、会员积分")["发放"][:3] == [300, 7, 12]
    assert ("积分明细", "G5") not in formulas
    assert any(sheet == "争议" for sheet, _ in formulas)
    for sheet, cell, formula in book.formulas():
        assert book.computed(sheet, formula) == book.kept(sheet, cell)


def test_a_text_that_looks_like_a_formula_stays_text(mall: Mall) -> None:
    legs = journal.through_provider(100, 0, journal.UNAPPLIED)
    texts = ("=1+1", "+1", "-cmd", "@x", 'a,"b"', "http://a.b/c")
    for number, source in enumerate(texts):
        mall.cash(f"charge:{number}", journal.CHARGE, legs, source, at(1, 12, number))
    mall.settle(at(2, 0, 30))
    book = read(mall, 1)
    assert tuple(line["业务单号"] for line in book.lines("收款")) == texts
    column = [cell for [cell] in book.book["收款"]["D2:D7"]]
    assert {cell.data_type for cell in column} <= {"s", "inlineStr"}
    assert all(cell.hyperlink is None for cell in column)


def test_each_sheet_is_one_page_wide_and_repeats_its_head(mall: Mall) -> None:
    book = played(mall).book
    for sheet in book:
        # No value means one page wide; 0 means any number of pages tall.
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.center.text == "&P / &N"
        assert sheet.print_area.endswith(f"${sheet.max_row}")
        if sheet.title != "汇总":
            assert sheet.print_title_rows == "$1:$1"
            assert sheet.freeze_panes == "A2"
        if sheet.title not in ("汇总", "名词对照"):
            assert sheet.page_setup.orientation == "landscape"
            assert sheet.auto_filter.ref


def test_the_glossary_has_every_item_of_the_summary_and_every_csv_column(
    mall: Mall,
) -> None:
    book = played(mall)
    rows = {tuple(row[:3]): row[3] for row in book.shown["名词对照"].iter_rows(values_only=True)}
    words = {word for kind, word, _ in rows if kind == "汇总项目"}
    assert set(book.table("一、订单与资金")) | set(book.table("三、会员积分")) <= words
    assert ("汇总项目", "商品成本", "cost_of_goods") in rows
    assert rows["列", "金额", "amount"] == "收款 · 退款 · 争议 · 划转与提现"
    assert rows["列", "商品成本", "cost"] == "订单"
    assert rows["列", "余额", "amount"] == "未清项"
    assert ("列", "SKU", "skus") not in rows


def test_columns_are_as_wide_as_their_cells(mall: Mall) -> None:
    sheet = played(mall).book["收款"]
    for column in "ABCDEFG":
        for cell in sheet[column][1:-1]:
            shown = cell.value if isinstance(cell.value, str) else "0" * 6
            assert sheet.column_dimensions[column].width >= len(shown)
