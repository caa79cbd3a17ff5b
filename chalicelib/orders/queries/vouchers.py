"""Reads of vouchers."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.kernel.errors import NotFound, or_not_found
from chalicelib.kernel.spelling import letters_of
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules import Order
from chalicelib.orders.rules.vouchers import Vouchers
from chalicelib.orders.tables.counter import VOUCHERS, VoucherItem, VouchersItem

_LONGEST_CODE = 64


class FoundVoucher(NamedTuple):
    """The line of an order that a code is of."""

    order: Order
    vouchers: Vouchers
    sku: str


def find_vouchers(order_id: str) -> Vouchers | None:
    """The vouchers of an order; None before it is approved, or if it never has any."""
    return VouchersItem.find_value(order_id, VOUCHERS)


def get_place(code: str) -> VoucherItem:
    """The line of an order that a code is of; blanks and hyphens do not matter.

    Raises NotFound.
    """
    letters = letters_of(code)
    if not letters or len(letters) > _LONGEST_CODE:
        raise NotFound()
    item: VoucherItem = or_not_found(VoucherItem.find(*VoucherItem.key_of(letters)))
    return item


def voucher_at(place: VoucherItem) -> FoundVoucher:
    """The voucher of a line of an order.

    Raises NotFound.
    """
    return FoundVoucher(
        get_order(place.order_id), or_not_found(find_vouchers(place.order_id)), place.sku
    )
