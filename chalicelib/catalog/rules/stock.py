"""Units in stock: the input of a restock, and the refusal of a quantity above them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.catalog.errors import SOME_LEFT, OutOfStock
from chalicelib.catalog.rules.products import MAX_STOCK, Offer, title_of
from chalicelib.kernel.texts import Reason


class Restock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number of units that come in, or leave if negative, and the reason."""

    quantity: Annotated[int, Meta(ge=-MAX_STOCK, le=MAX_STOCK)]
    reason: Reason


def out_of_stock(offer: Offer) -> OutOfStock:
    """The refusal of a quantity above the stock; it tells the units left."""
    refusal = OutOfStock(sku=offer.sku, available=offer.available).telling(title=title_of(offer))
    return refusal if offer.available <= 0 else refusal.saying(SOME_LEFT)
