"""The last sheet of the workbook: each word with its code in the CSV files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.finance.actions.workbook_cells import Pen
from chalicelib.finance.rules.printed import PRINTED
from chalicelib.finance.rules.sheets import DAY_ORDERS, ORDERS
from chalicelib.finance.rules.wording import ACCOUNT_NOTES, ACCOUNTS, CODES, SHEET_NAMES
from chalicelib.kernel.errors import Words

_HEADS = (
    (Words("类别", "Kind"), 14),
    (Words("名称", "Word"), 28),
    (Words("代码", "Code"), 34),
    (Words("说明", "Note"), 40),
)
_KINDS = {
    "account": Words("科目", "Account"), "type": Words("资金业务类型", "Type of money"),
    "entry_type": Words("积分业务类型", "Type of points"), "flow": Words("积分收支类别", "Flow"),
    "unit": Words("积分种类", "Unit"), "method": Words("支付方式", "Paid by"),
    "state": Words("订单状态", "State"),
    "rule": Words("规则", "Rule"), "source": Words("业务单号", "For"),
    "figure": Words("汇总项目", "Item of the summary"),
}  # fmt: skip
_SHEET, _COLUMN = Words("工作表", "Sheet"), Words("列", "Column")


def write_glossary(pen: Pen, sheet: Any) -> None:
    """Write a row for each code, each column and each file of the CSV files."""
    for at, (head, width) in enumerate(_HEADS):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, pen.say(head), pen.of_head)
    rows = [
        (pen.say(words), pen.say(word), code, _note(pen, code) if kind == "account" else "")
        for kind, words in _KINDS.items()
        for code, word in CODES[kind].items()
    ]
    rows += [
        (pen.say(_SHEET), pen.say(SHEET_NAMES[each.name]), f"{_file(each.name)}.csv", "")
        for each in PRINTED
    ]
    rows += _columns(pen)
    for row, cells in enumerate(rows, 1):
        sheet.write_row(row, 0, cells, pen.of_text)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, len(rows), len(_HEADS) - 1)


def _columns(pen: Pen) -> Iterator[tuple[str, str, str, str]]:
    """Rows of heads: their column in the CSV and their sheets; accounts have rows of their own."""
    found: dict[tuple[str, str], list[str]] = {}
    for printed in PRINTED:
        lines = ORDERS if printed.sheet is DAY_ORDERS else printed.sheet
        for column in printed.columns:
            if column.name in lines.columns and column.name not in ACCOUNTS:
                sheets = found.setdefault((pen.say(column.head), column.name), [])
                sheets.append(pen.say(SHEET_NAMES[printed.name]))
    for (head, name), sheets in found.items():
        yield pen.say(_COLUMN), head, name, " · ".join(sheets)


def _note(pen: Pen, account: str) -> str:
    assert account in ACCOUNTS
    return pen.say(ACCOUNT_NOTES[account])


def _file(name: str) -> str:
    return ORDERS.name if name == DAY_ORDERS.name else name
