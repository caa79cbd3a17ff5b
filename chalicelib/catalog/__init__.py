"""Products, SKUs, stock and code pools. Orders sell what `find_offers` shows."""

from chalicelib.catalog.codes import index_codes, issued_codes, take_codes
from chalicelib.catalog.errors import CodePoolEmpty, NotOnSale, OutOfStock
from chalicelib.catalog.queries import find_offers
from chalicelib.catalog.rules import Localized, Offer
from chalicelib.catalog.stock import give_back, reserve

__all__ = [
    "CodePoolEmpty",
    "Localized",
    "NotOnSale",
    "Offer",
    "OutOfStock",
    "find_offers",
    "give_back",
    "index_codes",
    "issued_codes",
    "reserve",
    "take_codes",
]
