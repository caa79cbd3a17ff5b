"""Units in stock: the input of a restock, and the refusal of a quantity above them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.catalog.errors import SOME_LEFT, OutOfStock, StockComesFromCodes
from chalicelib.catalog.rules.products import MAX_STOCK, Kind, Offer, title_of
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.texts import Reason


class Restock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number of units that come in, or leave if negative, and the reason."""

    quantity: Annotated[int, Meta(ge=-MAX_STOCK, le=MAX_STOCK)]
    reason: Reason


def check_moves(change: Restock) -> None:
    """Check that a restock changes the stock.

    Raises Invalid.
    """
    if not change.quantity:
        words = Words("不得为 0", "must not be 0")
        raise Invalid(FieldError("quantity", "zero", words))


def check_is_counted(kind: Kind) -> None:
    """Check that the stock of this kind of goods is counted by hand.

    Raises StockComesFromCodes.
    """
    if kind == "virtual":
        raise StockComesFromCodes()


def out_of_stock(offer: Offer) -> OutOfStock:
    """The refusal of a quantity above the stock; it tells the units left."""
    refusal = OutOfStock(sku=offer.sku, available=offer.available).telling(title=title_of(offer))
    return refusal if offer.available <= 0 else refusal.saying(SOME_LEFT)
