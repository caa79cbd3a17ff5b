"""Products, SKUs, stock and code pools. Orders sell what `find_offers` shows."""

from chalicelib.catalog.codes import take_codes
from chalicelib.catalog.errors import CodePoolEmpty, NotOnSale, OutOfStock
from chalicelib.catalog.queries import find_offers
from chalicelib.catalog.rules import Localized, Offer, not_on_sale, out_of_stock, title_of
from chalicelib.catalog.stock import give_back, reserve

__all__ = [
    "CodePoolEmpty",
    "Localized",
    "NotOnSale",
    "Offer",
    "OutOfStock",
    "find_offers",
    "give_back",
    "not_on_sale",
    "out_of_stock",
    "reserve",
    "take_codes",
    "title_of",
]
