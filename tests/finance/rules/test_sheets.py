"""The columns of the sheets, in the lines and as an accountant reads them."""

from __future__ import annotations

import pytest

from chalicelib.finance.rules import sheets
from chalicelib.finance.rules.printed import PRINTED
from chalicelib.payments.rules import journal

pytestmark = pytest.mark.pure

ACCOUNTS = [
    "assets:provider",
    "assets:bank",
    "assets:carriers",
    "clearing:unapplied",
    "clearing:disputed",
    "income:sales",
    "costs:fees",
    "costs:rebates",
    "costs:disputes",
]


def test_a_sheet_of_money_has_a_column_for_each_account() -> None:
    assert sorted(journal.ACCOUNTS) == sorted(ACCOUNTS)
    assert [sheet.name for sheet in sheets.CASH_SHEETS] == [
        "payments",
        "refunds",
        "disputes",
        "payouts",
    ]
    for sheet in sheets.CASH_SHEETS:
        assert sheet.columns == (
            "recorded_at",
            "occurred_at",
            "type",
            "reference",
            "transaction",
            "source",
            "currency",
            "amount",
            "amount_text",
            *journal.ACCOUNTS,
        )
        assert (sheet.groups, sheet.numbers) == (("type",), ("amount", *journal.ACCOUNTS))
        assert (sheet.at("recorded_at"), sheet.at("amount")) == (0, 7)


def test_a_printed_sheet_of_money_tells_the_amount_before_its_accounts() -> None:
    printed = [each for each in PRINTED if each.sheet in sheets.CASH_SHEETS]
    assert [each.name for each in printed] == ["payments", "refunds", "disputes", "payouts"]
    for each in printed:
        assert [column.name for column in each.columns] == [
            "recorded_at",
            "occurred_at",
            "type",
            "source",
            "amount",
            *ACCOUNTS,
            "transaction",
            "reference",
        ]
        assert (each.at("recorded_at"), each.at("amount"), each.at("reference")) == (0, 4, 15)
        amount = each.columns[4]
        assert (amount.head.zh, amount.head.en, amount.is_total) == ("金额", "Amount", True)
        assert [column.name for column in each.columns if not column.printed] == [
            "transaction",
            "reference",
        ]
        assert {column.kind for column in each.columns[5:14]} == {"leg"}


def test_a_column_that_is_no_number_has_no_total() -> None:
    orders = next(each for each in PRINTED if each.name == "day_orders")
    assert [column.name for column in orders.columns if column.is_total] == list(
        sheets.DAY_ORDERS.numbers
    )
