"""The sheets of the workbook as an accountant reads them: columns, heads, signs, widths.

docs/finance.md describes each sheet.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from chalicelib.finance.rules.sheets import (
    CLEARING,
    DAY_ORDERS,
    DISPUTES,
    FEES,
    PAYMENTS,
    PAYOUTS,
    POINTS,
    REFUNDS,
    Sheet,
)
from chalicelib.finance.rules.wording import ACCOUNTS
from chalicelib.kernel.errors import Words
from chalicelib.payments import journal

# Increase it with every change of bytes for the same lines: words, columns, formats.
LAYOUT_VERSION = 5
# Source: Excel's specifications; a sheet also holds a head, a total and a note.
MOST_ROWS = 1_048_576 - 3

TIME, MINUTE, DATE, TEXT, LINES = "time", "minute", "date", "text", "lines"
SOURCE, MEMBER, WORD = "source", "member", "word"
# `leg` and `balance` are money with its side; `quantity` is points, or money in a money unit.
MONEY, LEG, BALANCE = "money", "leg", "balance"
WHOLE, QUANTITY, COUNT = "whole", "quantity", "count"
SUMMED = (MONEY, LEG, BALANCE, WHOLE)


class Layout(msgspec.Struct, frozen=True):
    """The layout of a workbook; a rebuild uses it whatever the settings are by then.

    `most_rows` is the most lines that a sheet holds.
    """

    version: int
    language: str
    most_rows: int

    @property
    def is_current(self) -> bool:
        return self.version == LAYOUT_VERSION


class Column(NamedTuple):
    """A column of `name` in the lines; `codes` names the table of words for WORD columns.

    `sign` -1 turns numbers that count up in the lines and go out in the workbook. A column that is
    not `printed` stands right of the printed page.
    """

    name: str
    head: Words
    kind: str
    codes: str = ""
    sign: int = 1
    printed: bool = True
    is_summed: bool = True

    @property
    def is_total(self) -> bool:
        """Whether the sheet shows its sum below it."""
        return self.is_summed and self.kind in SUMMED


class Printed(NamedTuple):
    """A sheet of the workbook, with the sheet of the settlement that holds its lines."""

    sheet: Sheet
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        return self.sheet.name

    def at(self, column: str) -> int:
        return next(at for at, each in enumerate(self.columns) if each.name == column)


_RECORDED = Column("recorded_at", Words("记账时间", "Recorded at"), TIME)
_OCCURRED = Column("occurred_at", Words("发生时间", "Happened at"), TIME)
_SOURCE = Column("source", Words("业务单号", "For"), SOURCE)
_TRANSACTION = Column(
    "transaction", Words("平台流水号", "Provider's transaction"), TEXT, printed=False
)
_REFERENCE = Column("reference", Words("系统凭证号", "Reference"), TEXT, printed=False)
_TYPE = Column("type", Words("业务类型", "Type"), WORD, "type")
_LEGS = tuple(
    Column(account, Words(words.zh, words.en), LEG) for account, words in ACCOUNTS.items()
)
assert {each.name for each in _LEGS} == set(journal.ACCOUNTS)
_OF_CASH = (
    _RECORDED,
    _OCCURRED,
    _TYPE,
    _SOURCE,
    Column("amount", Words("金额", "Amount"), MONEY),
    *_LEGS,
    _TRANSACTION,
    _REFERENCE,
)
_OF_ORDERS = Printed(DAY_ORDERS, (
    Column("first_at", Words("本日首笔时间", "First movement"), TIME),
    Column("placed_at", Words("下单时间", "Placed at"), MINUTE),
    Column("order", Words("订单号", "Order"), SOURCE),
    Column("member", Words("会员号", "Member"), TEXT),
    Column("goods", Words("商品 × 数量", "Goods × quantity"), LINES),
    Column("method", Words("支付方式", "Paid by"), WORD, "method"),
    Column("state", Words("日终状态", "State at day's end"), WORD, "state"),
    Column("points_spent", Words("使用积分", "Points spent"), WHOLE, sign=-1),
    Column("points_back", Words("退回积分", "Points back"), WHOLE),
    Column("cash_paid", Words("收款", "Cash paid"), MONEY),
    Column("cash_back", Words("退款", "Cash back"), MONEY, sign=-1),
    Column("cost", Words("商品成本", "Cost of goods"), MONEY, sign=-1),
    Column("points_cost", Words("积分承担的成本", "Borne by points"), MONEY, sign=-1,
           printed=False),
    Column("costed_points", Words("成本已知的积分", "Points of known cost"), WHOLE, sign=-1,
           printed=False),
    Column("order_points", Words("订单总积分", "Order's points"), WHOLE, sign=-1, printed=False,
           is_summed=False),
    Column("order_cash", Words("订单总现金", "Order's cash"), MONEY, printed=False,
           is_summed=False),
    Column("skus", Words("SKU", "SKU"), LINES, printed=False),
))  # fmt: skip
_OF_FEES = Printed(FEES, (
    _RECORDED, _OCCURRED, _TYPE, _SOURCE,
    Column("fee", Words("手续费", "Fee"), MONEY, sign=-1),
    _TRANSACTION._replace(printed=True), _REFERENCE,
))  # fmt: skip
_OF_POINTS = Printed(POINTS, (
    _RECORDED, _OCCURRED,
    Column("account", Words("会员号", "Member"), MEMBER),
    Column("unit", Words("积分种类", "Unit"), WORD, "unit"),
    Column("flow", Words("收支类别", "Flow"), WORD, "flow"),
    Column("type", Words("业务类型", "Type"), WORD, "entry_type"),
    Column("change", Words("数量", "Change"), QUANTITY),
    _SOURCE,
    Column("rule", Words("规则", "Rule"), WORD, "rule", printed=False),
    Column("seq", Words("账户内序号", "Number in the account"), COUNT, printed=False),
    _REFERENCE,
))  # fmt: skip
_OF_CLEARING = Printed(CLEARING, (
    Column("account", Words("科目", "Account"), WORD, "account"), _SOURCE,
    Column("amount", Words("余额", "Balance"), BALANCE),
    Column("opened_on", Words("起始日", "Open since"), DATE),
    Column("age_days", Words("账龄（天）", "Age, days"), COUNT),
    _REFERENCE._replace(head=Words("最近凭证号", "Last movement"), printed=True),
))  # fmt: skip
# In the order of the workbook's sheets, after the summary.
PRINTED = (
    _OF_ORDERS,
    Printed(PAYMENTS, _OF_CASH),
    Printed(REFUNDS, _OF_CASH),
    _OF_FEES,
    Printed(DISPUTES, _OF_CASH),
    Printed(PAYOUTS, _OF_CASH),
    _OF_POINTS,
    _OF_CLEARING,
)
SIGNS = Words(
    "正负号（全书一致）：正数为增加，负数为减少。金额从商城角度看：收到为正，付出为负（退款、手续费、提现、"
    "商品成本）；自有账户之间划转，到达银行为正。积分从会员角度看：发放、退回为正，使用、过期为负。"
    "科目借方为正、贷方为负，以“借”“贷”标明。",
    "One sign everywhere: above 0 is more, below 0 is less. Money as the mall sees it: in above 0,"
    " out below 0 (refunds, fees, withdrawals, cost of goods); between our own accounts, what"
    " reaches the bank is above 0. Points as members see them: given above 0, spent or lapsed"
    " below 0. Accounts: debits above 0 (Dr), credits below 0 (Cr).",
)
FOLDED = Words(
    "未列出的项目、科目和工作表，本日均无发生额且余额为零。",
    "What is not listed, item, account or sheet, has no movement today and a balance of zero.",
)
CUT = Words(
    "本表仅列前 {rows} 行；全部明细见 {name}.csv，合计见“汇总”。",
    "The first {rows} lines; all of them are in {name}.csv, their totals in the summary.",
)
