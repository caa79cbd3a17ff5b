"""A movement of points or money is one line in each sheet that it belongs to."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from chalicelib.finance.rules import lines
from chalicelib.finance.rules.lines import SoldOrder
from chalicelib.ledger.rules.accounts import Effect
from chalicelib.payments.rules import journal
from chalicelib.payments.rules.journal import CashEntry
from tests.finance.rules.making import AT, LATER, ZONE, cash, entry

pytestmark = pytest.mark.pure


def test_a_line_of_points_shows_the_movement_of_one_account() -> None:
    assert lines.points_row(entry(rule="purchases"), ZONE) == (
        LATER,
        AT,
        "mbr_1:points",
        "points",
        "redeemed",
        "redemption",
        "order:ord_1",
        "order:ord_1",
        "purchases",
        -800,
        3,
    )
    assert lines.points_row(entry(), ZONE)[8] == ""
    flows = {contra: lines.points_row(entry(contra), ZONE)[4] for contra in lines.FLOWS}
    assert flows == lines.FLOWS


def test_a_movement_within_an_account_has_no_line() -> None:
    inside = entry(effect=Effect({1: -5}, held=5))
    with pytest.raises(AssertionError, match=r"^only what moves points in or out is settled$"):
        lines.points_row(inside, ZONE)


def test_a_line_of_cash_shows_the_change_of_each_account() -> None:
    legs = {journal.PROVIDER: 970, journal.FEES: 30, journal.SALES: -1_000}
    assert lines.cash_row(cash(), ZONE) == (
        LATER,
        AT,
        "charge",
        "charge:ch_1",
        "txn_1",
        "order:ord_1",
        "CNY",
        1_000,
        "10.00",
        *(legs.get(account, 0) for account in journal.ACCOUNTS),
    )
    assert lines.cash_row(cash(transaction=None), ZONE)[4] == ""
    assert lines.cash_row(yen(), ZONE)[8] == "1000"


def yen() -> CashEntry:
    return replace(cash(), currency="JPY")


def test_a_line_of_fees_shows_the_fee_of_the_provider() -> None:
    assert lines.fee_row(cash(), ZONE) == (
        LATER,
        AT,
        "charge",
        "charge:ch_1",
        "txn_1",
        "order:ord_1",
        "CNY",
        30,
        "0.30",
    )
    assert lines.fee_row(cash(transaction=None), ZONE)[4] == ""
    assert lines.fee_row(yen(), ZONE)[8] == "30"


def test_a_redemption_bears_its_share_of_the_cost_of_goods() -> None:
    sold = SoldOrder(1_600, 500, "CNY", 4_100)
    assert lines.redemption_row(entry(), sold, "CNY", ZONE) == (
        LATER,
        "order:ord_1",
        "redemption",
        "order:ord_1",
        800,
        "CNY",
        0,
        "0.00",
        2_050,
        "20.50",
        1_800,
        800,
    )
    yen = lines.redemption_row(entry(), replace(sold, currency="JPY"), "JPY", ZONE)
    assert (yen[7], yen[9]) == ("0", "2050")
    one = lines.redemption_row(entry(points=-1), SoldOrder(1, 0, "CNY", 1), "CNY", ZONE)
    assert one[8:] == (1, "0.01", 1, 1)
    unknown = lines.redemption_row(entry(), None, "CNY", ZONE)
    assert unknown[8:] == (0, "0.00", 0, 0)
    assert lines.redemption_row(entry(), SoldOrder(0, 5, "CNY", 4), "CNY", ZONE)[8:] == unknown[8:]


def test_goods_without_points_have_their_cost_in_the_line_of_cash() -> None:
    sold = SoldOrder(0, 2_000, "CNY", 700)
    row = lines.sale_row(cash(), sold, ZONE)
    assert row == (
        LATER,
        "order:ord_1",
        "charge",
        "charge:ch_1",
        0,
        "CNY",
        1_000,
        "10.00",
        350,
        "3.50",
        0,
        0,
    )
    assert lines.sale_row(yen(), sold, ZONE)[7:10] == ("1000", 350, "350")
    back = lines.sale_row(cash(journal.REFUND, -500, 0), sold, ZONE)
    assert back[6:10] == (-500, "-5.00", -175, "-1.75")
    for unknown in (
        None,
        SoldOrder(1, 2_000, "CNY", 700),
        SoldOrder(0, 2_000, "CNY", None),
        SoldOrder(0, 0, "CNY", 700),
    ):
        assert lines.sale_row(cash(), unknown, ZONE)[8:] == (0, "0.00", 0, 0)


def test_points_of_goods_are_redeemed_points() -> None:
    assert lines.is_redemption(entry())
    assert not lines.is_redemption(entry("expired"))
    assert not lines.is_redemption(entry(account_id="mbr_1:growth"))
    assert lines.order_of("order:ord_1") == "ord_1"
    assert lines.order_of("order:x") is None
    assert lines.order_of("withdrawal:wdr_1") is None


def test_an_order_has_its_last_state_before_the_end_of_the_day() -> None:
    sold = SoldOrder(1, 0, "CNY", None, states=((5, "approved"), (9, "shipped")))
    assert [sold.state_at(end) for end in (5, 6, 9, 10)] == ["", "approved", "approved", "shipped"]


def test_freight_in_cash_bears_no_cost_of_the_goods() -> None:
    sold = SoldOrder(800, 1_500, "CNY", 4_100, freight=1_000)
    row = lines.redemption_row(entry(), sold, "CNY", ZONE)
    assert row[10:] == (4_100 - 500, 800)
