"""The tables of the summary with an opening and a closing: accounts, members' points."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.finance.actions.workbook_board import Board, by_name
from chalicelib.finance.rules.figures import SummaryFigure
from chalicelib.finance.rules.formulas import shown_value
from chalicelib.finance.rules.printed import BALANCE, LEG, MONEY, WHOLE
from chalicelib.finance.rules.wording import word_for
from chalicelib.kernel.errors import Words
from chalicelib.ledger import REBATE_CASH, UNITS
from chalicelib.payments import journal

_FOUR = ("opening", "debit", "credit", "closing")
_ACCOUNTS, _POINTS = (
    Words("二、科目余额", "2. Accounts"),
    Words("三、会员积分", "3. Members' points"),
)
_HEADS = (
    Words("科目", "Account"),
    Words("期初余额", "Opening"),
    Words("借方发生", "Debit"),
    Words("贷方发生", "Credit"),
    Words("期末余额", "Closing"),
)
_ITEM, _TOTAL = Words("项目", "Item"), Words("合计", "Total")
_KINDS = (BALANCE, LEG, LEG, BALANCE)
_CLOSING = {"bold": True, "top": 1}


def write_accounts(board: Board, told: Sequence[SummaryFigure]) -> None:
    """Write a row for each account with a balance or a movement, and the total."""
    pen, found = board.pen, by_name(told)
    money = pen.unit_of_money
    board.section(_ACCOUNTS, [pen.say(_HEADS[0]), *(pen.say(each) + money for each in _HEADS[1:])])
    board.leave_out(told)
    began = board.row
    for account in journal.ACCOUNTS:
        four = [found[account, name] for name in _FOUR]
        if any(each.figure.value for each in four):
            _account(board, account, four)
    if board.row == began:
        board.none()
        return
    board.text(0, pen.say(_TOTAL), pen.of_total)
    for at, name in enumerate(_FOUR, 1):
        total = sum(shown_value(found[account, name]) for account in journal.ACCOUNTS)
        computed = f"SUM({_column(at)}{began + 1}:{_column(at)}{board.row})"
        board.found["accounts", name] = board.number(
            at, _KINDS[at - 1], total, computed, **_CLOSING
        )
    board.row += 1


def _account(board: Board, account: str, four: Sequence[SummaryFigure]) -> None:
    board.text(0, word_for("account", account, board.pen.language))
    row = board.row + 1
    *three, closing = four
    for at, each in enumerate(three, 1):
        board.figure(at, _KINDS[at - 1], each)
    board.figure(4, BALANCE, closing, f"B{row}+C{row}+D{row}")
    board.row += 1


def write_points(board: Board, told: Sequence[SummaryFigure]) -> None:
    """Write a column for each unit in use and a row for each flow with a movement."""
    pen, found = board.pen, by_name(told)
    moved = {each.figure.unit for each in told if each.figure.value or each.figure.lines}
    units = [unit for unit in UNITS if unit in moved]
    heads = [word_for("unit", unit, pen.language) for unit in units]
    heads = [
        head + pen.unit_of_money if unit == REBATE_CASH else head
        for unit, head in zip(units, heads, strict=True)
    ]
    board.section(_POINTS, [pen.say(_ITEM), *heads])
    board.leave_out(told)
    if not units:
        board.none()
        return
    began = board.row
    for name in dict.fromkeys(each.figure.name for each in told):
        row = [found[f"ledger:{unit}", name] for unit in units]
        if name in ("opening", "closing") or any(e.figure.value or e.figure.lines for e in row):
            _flow(board, name, row, began)


def _flow(board: Board, name: str, told: Sequence[SummaryFigure], began: int) -> None:
    is_closing = name == "closing"
    words = word_for("figure", name, board.pen.language)
    board.text(0, words, board.pen.of_total if is_closing else None)
    for at, each in enumerate(told, 1):
        kind = MONEY if each.figure.unit == REBATE_CASH else WHOLE
        column = _column(at)
        above = f"SUM({column}{began + 1}:{column}{board.row})" if is_closing else None
        board.figure(at, kind, each, above, **(_CLOSING if is_closing else {}))
    board.row += 1


def _column(at: int) -> str:
    return chr(ord("A") + at)
