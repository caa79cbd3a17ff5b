"""An order with everything that its views show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chalicelib.members import Address
from chalicelib.orders.rules.discounts import NOTHING, Discounts
from chalicelib.orders.rules.orders import Order
from chalicelib.orders.rules.returns import Return
from chalicelib.orders.rules.tracking import ParcelEvent
from chalicelib.payments import CashState


class OrderDetails(NamedTuple):
    """An order, its opened address, note and codes (by SKU), the cash of its refunds (by id), what
    lowered its price, and the events of its parcels (by tracking number) where one order is shown.
    """

    order: Order
    address: Address | None
    codes: Mapping[str, list[str]]
    refunds: Mapping[str, CashState]
    note: str | None = None
    tracking: Mapping[str, Sequence[ParcelEvent]] = {}
    discounts: Discounts = NOTHING


class ReturnDetails(NamedTuple):
    """A return, and the points and cash (minor units) that the units which its order keeps for it
    would bring now.
    """

    made: Return
    points: int
    cash: int
