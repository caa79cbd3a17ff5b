"""Files of parcels, as people write them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.csv_cells import csv_text
from chalicelib.kernel.errors import Invalid
from chalicelib.orders.rules.imports import read_rows

pytestmark = pytest.mark.pure

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


def test_columns_stand_in_any_order_under_their_names_in_both_languages() -> None:
    header = "\ufeff状态,运单号,快递公司,订单号,发货明细"
    [row] = read_rows(f"{header}\r\n待发货, sf 1-2 ,顺丰,ORD_1,A:2；B\r\n")
    assert (row.line, row.order_id, row.carrier) == (2, "ord_1", "顺丰")
    assert row.tracking_number == "SF1-2"
    assert row.quantities == {"A": 2, "B": 1}
    assert row.wrong is None


def test_a_cell_that_our_own_files_defuse_is_read_as_it_was() -> None:
    text = csv_text(["order_id", "carrier", "tracking_number"], [("ord_1", "SF", "-12")])
    assert read_rows(text)[0].tracking_number in ("-12", "12")


@pytest.mark.parametrize("lines", ["A:0", "A:2;A:1", "A B", ":1", "A:100", "A::1"])
def test_lines_that_tell_no_quantities_are_refused(lines: str) -> None:
    [row] = read_rows(f"order_id,carrier,tracking_number,lines\nord_1,SF,1,{lines}")
    assert row.wrong is not None
    assert row.wrong[0] == "invalid_lines"


@given(st.lists(st.lists(NAMES, min_size=3, max_size=4), min_size=1, max_size=5))
def test_any_file_has_a_row_for_each_line_that_tells_of_a_parcel(cells: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["order_id", "carrier", "tracking_number", "lines"], *cells])
    filled = [row for row in cells if any(cell.strip() for cell in row[1:])]
    try:
        rows = read_rows(text.getvalue())
    except Invalid:
        assert not filled
    else:
        assert len(rows) == len(filled)
        assert [row.line for row in rows] == sorted({row.line for row in rows})
