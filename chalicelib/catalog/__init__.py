"""Products, SKUs, stock and code pools. Orders sell what `find_offers` shows."""

from chalicelib.catalog.actions.codes import (
    PoolState,
    correct_stock,
    index_codes,
    issued_codes,
    read_pool,
    take_codes,
)
from chalicelib.catalog.actions.stock import give_back, reserve, take
from chalicelib.catalog.errors import CodePoolEmpty, NotOnSale, OutOfStock
from chalicelib.catalog.queries.products import find_offers, virtual_skus
from chalicelib.catalog.rules.products import Localized, Offer, not_on_sale, out_of_stock, title_of

__all__ = [
    "CodePoolEmpty",
    "Localized",
    "NotOnSale",
    "Offer",
    "OutOfStock",
    "PoolState",
    "correct_stock",
    "find_offers",
    "give_back",
    "index_codes",
    "issued_codes",
    "not_on_sale",
    "out_of_stock",
    "read_pool",
    "reserve",
    "take",
    "take_codes",
    "title_of",
    "virtual_skus",
]
