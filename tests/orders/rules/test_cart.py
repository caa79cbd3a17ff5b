"""The rules of a cart: merged, emptied by an order, explained."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.orders.errors import CartFull
from chalicelib.orders.rules import cart as rules
from chalicelib.orders.rules.cart import MAX_LINES, Cart, CartLine
from chalicelib.orders.tables.cart import CartItem

pytestmark = pytest.mark.pure

LINES = st.lists(
    st.builds(
        CartLine,
        st.sampled_from([f"SKU-{n}" for n in range(130)]),
        st.integers(1, 99),
        st.integers(1, 10**9),
        st.integers(0, 10**8),
        st.none() | st.integers(1, 10**8),
    ),
    max_size=120,
    unique_by=lambda line: line.sku,
)


def cart(lines: list[CartLine]) -> Cart:
    return Cart("mbr_1", 3, tuple(lines[:MAX_LINES]))


@given(LINES, LINES)
def test_a_merge_loses_no_line_of_the_cart_and_is_done_once(
    own: list[CartLine], more: list[CartLine]
) -> None:
    seen = cart(own)
    after = rules.merged(seen, more)
    assert len(after.lines) <= MAX_LINES
    assert set(seen.skus) <= set(after.skus) <= set(seen.skus) | {line.sku for line in more}
    assert rules.merged(after, [line for line in more if line.sku in after.skus]) is after
    for line in after.lines:
        wanted = [each.quantity for each in (*seen.lines, *more) if each.sku == line.sku]
        assert line.quantity == max(wanted)


@given(LINES, st.lists(st.sampled_from([f"SKU-{n}" for n in range(130)])))
def test_an_order_takes_its_lines_and_no_others(own: list[CartLine], skus: list[str]) -> None:
    seen = cart(own)
    after = rules.without(seen, skus)
    assert list(after.lines) == [line for line in seen.lines if line.sku not in skus]
    assert (after is seen) == (after.lines == seen.lines)


@given(LINES)
def test_a_cart_is_read_as_it_was_written(own: list[CartLine]) -> None:
    assert CartItem.of(cart(own)).value() == cart(own)


def test_a_full_cart_still_takes_new_quantities() -> None:
    full = cart([CartLine(f"SKU-{n}", 1, 10) for n in range(MAX_LINES)])
    assert rules.put(full, CartLine("SKU-7", 2, 10)).lines[7].quantity == 2
    with pytest.raises(CartFull):
        rules.put(full, CartLine("NEW", 1, 10))
