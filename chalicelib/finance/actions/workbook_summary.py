"""The first sheet of the workbook: the rule of signs, the day's figures, and checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.finance.actions.workbook_balances import write_accounts, write_points
from chalicelib.finance.actions.workbook_board import Board, Key
from chalicelib.finance.actions.workbook_cells import Pen
from chalicelib.finance.rules.figures import MICRO_DIGITS, MICRO_MONEY, NUMBER, SummaryFigure
from chalicelib.finance.rules.formulas import Places, Ranges
from chalicelib.finance.rules.printed import FOLDED, LEG, MONEY, SIGNS, WHOLE
from chalicelib.finance.rules.sheets import CLEARING, DAY_ORDERS, ORDERS
from chalicelib.finance.rules.wording import SHEET_NAMES, word_for
from chalicelib.kernel.errors import Words
from chalicelib.payments import journal

_WIDTHS = (36, 19, 19, 19, 19)
_FLOWING = ("orders", "payments", "refunds", "disputes", "payouts", "withdrawals", "fees")
_ABOUT = Words(
    "币种：{currency}　　金额单位：{unit}　　时区：{zone}",
    "Currency: {currency}    Amounts in: {unit}    Time zone: {zone}",
)
_FLOWS, _CHECKS = Words("一、订单与资金", "1. Orders and money"), Words("四、核对", "4. Checks")
_FLOW_HEADS = (
    Words("项目", "Item"),
    Words("积分", "Points"),
    Words("金额", "Amount"),
    Words("笔数", "Lines"),
    Words("明细见", "Lines in"),
)
_CHECK_HEADS = (
    Words("核对项目", "Check"),
    Words("左方", "Left"),
    Words("右方", "Right"),
    Words("差额", "Difference"),
    Words("结果", "Result"),
)
_AND = " + "
_TIES, _DIFFERS = Words("相符", "Ties"), Words("不符", "Differs")
_BALANCED = Words("借方合计 ＝ 贷方合计", "Debits = credits")
_SALES = Words("订单收退款净额 ＝ 销售收入净额", "Cash of orders = sales")
_FEES = Words("支付手续费 ＝ 手续费科目发生额", "Fees = the account of fees")
_OPEN = Words("未清项合计 ＝ 往来科目期末余额", "Open items = clearing accounts")
_POINTS = Words("订单积分净额 ＝ 会员积分使用", "Points of orders = redeemed")


def write_summary(
    pen: Pen, sheet: Any, about: tuple[str, str], told: Sequence[SummaryFigure], places: Places
) -> None:
    """Write the sheet; `about` are its title and the time zone."""
    board = Board(pen, sheet, places)
    _head(board, *about)
    _flows(board, [each for each in told if each.figure.section in _FLOWING])
    write_accounts(board, [each for each in told if each.figure.section in journal.ACCOUNTS])
    units = [each for each in told if each.figure.section.startswith("ledger:")]
    if units:
        write_points(board, units)
    _checks(board, places.get(CLEARING.name), has_points=bool(units))
    sheet.print_area(0, 0, board.row - 1, len(_WIDTHS) - 1)


def _head(board: Board, title: str, zone: str) -> None:
    pen, sheet = board.pen, board.sheet
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    board.text(0, f"{title} {pen.currency}", pen.of_title)
    board.row += 1
    board.text(0, pen.say(_ABOUT, currency=pen.currency, unit=pen.currency_word, zone=zone))
    board.row += 1
    board.note(pen.say(SIGNS), len(_WIDTHS), 48)
    board.note(pen.say(FOLDED), len(_WIDTHS), 18)


def _flows(board: Board, told: Sequence[SummaryFigure]) -> None:
    """Write orders and money: a row for each figure with a line."""
    heads = [board.pen.say(each) for each in _FLOW_HEADS]
    heads[2] += board.pen.unit_of_money
    board.section(_FLOWS, heads)
    board.leave_out(told)
    began = board.row
    for each in told:
        if each.figure.value or each.figure.lines:
            _flow(board, each)
    if board.row == began:
        board.none()


def _flow(board: Board, told: SummaryFigure) -> None:
    pen = board.pen
    board.text(0, word_for("figure", told.figure.name, pen.language))
    if told.kind == MICRO_MONEY:
        digits = pen.digits + MICRO_DIGITS
        value = told.figure.value / 10**digits
        board.sheet.write_number(board.row, 2, value, pen.of_fraction(digits))
    else:
        at, kind = (1, WHOLE) if told.kind == NUMBER else (2, MONEY)
        board.figure(at, kind, told)
        if _is_counted(told):
            board.number(3, WHOLE, told.figure.lines, None)
        names = dict.fromkeys(
            DAY_ORDERS.name if each.sheet is ORDERS else each.sheet.name for each in told.sources
        )
        board.text(4, _AND.join(pen.say(SHEET_NAMES[name]) for name in names), pen.of_aside)
    board.row += 1


def _is_counted(told: SummaryFigure) -> bool:
    """Whether a figure's count of lines is its own, not that of all lines of orders."""
    return all(each.groups or each.side for each in told.sources if each.sheet is ORDERS)


def _checks(board: Board, open_items: Ranges | None, *, has_points: bool) -> None:
    """Write the checks: two sides that must be equal; figures left out above are 0."""
    pen = board.pen
    board.section(_CHECKS, [pen.say(each) for each in _CHECK_HEADS])
    orders = [("orders", "cash_paid"), ("orders", "cash_back")]
    sales = [(journal.SALES, "debit"), (journal.SALES, "credit")]
    fees = [(journal.FEES, "debit"), (journal.FEES, "credit")]
    sums = [(account, name) for account in journal.ACCOUNTS for name in ("debit", "credit")]
    _check(board, _BALANCED, MONEY, _side(board, sums[::2], 1), _side(board, sums[1::2], -1))
    _check(board, _SALES, MONEY, _side(board, orders, 1), _side(board, sales, -1))
    _check(board, _FEES, MONEY, _side(board, [("fees", "fees")], -1), _side(board, fees, 1))
    if open_items is not None:
        closing = [(account, "closing") for account in journal.CLEARING]
        right = _side(board, closing, 1)
        # The build has checked that the lines add up to the balances.
        left = (f"SUM({open_items.cells('amount')})", right[1])
        _check(board, _OPEN, LEG, left, right)
    if has_points:
        spent = [("orders", "points_spent"), ("orders", "points_back")]
        redeemed = _side(board, [("ledger:points", "redeemed")], 1)
        _check(board, _POINTS, WHOLE, _side(board, spent, 1), redeemed)


def _side(board: Board, keys: Sequence[Key], sign: int) -> tuple[str, int]:
    """A side of a check: (formula, value)."""
    places = [board.found[key] for key in keys]
    terms = "+".join(each.term for each in places if each.cell) or "0"
    return f"{'-' if sign < 0 else ''}({terms})", sign * sum(each.value for each in places)


def _check(
    board: Board, words: Words, kind: str, left: tuple[str, int], right: tuple[str, int]
) -> None:
    pen, row = board.pen, board.row + 1
    board.text(0, pen.say(words))
    board.number(1, kind, left[1], left[0])
    board.number(2, kind, right[1], right[0])
    difference = left[1] - right[1]
    board.number(3, MONEY if kind == LEG else kind, difference, f"B{row}-C{row}")
    ties, differs = pen.say(_TIES), pen.say(_DIFFERS)
    said_so = differs if difference else ties
    board.sheet.write_formula(
        board.row, 4, f'=IF(D{row}=0,"{ties}","{differs}")', pen.of_aside, said_so
    )
    board.row += 1
