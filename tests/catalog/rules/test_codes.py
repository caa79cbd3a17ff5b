"""Checks of codes and of stock before anything is written."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.catalog.errors import CodesAreForVirtualGoods, StockComesFromCodes
from chalicelib.catalog.rules.codes import check_distinct, check_has_codes
from chalicelib.catalog.rules.stock import Restock, check_is_counted, check_moves
from chalicelib.kernel.errors import Invalid

pytestmark = pytest.mark.pure


def test_the_first_code_that_is_given_twice_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        check_distinct(["a", "b", "c", "b", "a"])
    (error,) = refused.value.fields
    assert (error.field, error.code) == ("codes[3]", "duplicate")
    assert error.message == ("卡券码重复", "is given more than once")
    check_distinct(["a", "b", "c"])


@pytest.mark.parametrize("kind", ["physical", "service"])
def test_goods_without_codes_are_counted_by_hand(kind: Any) -> None:
    with pytest.raises(CodesAreForVirtualGoods):
        check_has_codes(kind)
    check_is_counted(kind)


def test_the_stock_of_virtual_goods_comes_from_their_codes() -> None:
    with pytest.raises(StockComesFromCodes):
        check_is_counted("virtual")
    check_has_codes("virtual")


def test_a_restock_moves_units_in_or_out() -> None:
    for quantity in (1, -1):
        check_moves(Restock(quantity, "盘点"))
    with pytest.raises(Invalid) as refused:
        check_moves(Restock(0, "盘点"))
    (error,) = refused.value.fields
    assert (error.field, error.code) == ("quantity", "zero")
    assert error.message == ("不得为 0", "must not be 0")
