"""Units in stock: input of restocks and of settings, why units move, the refusal of too few."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple, get_args

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.catalog.errors import SOME_LEFT, OutOfStock, StockComesFromCodes
from chalicelib.catalog.rules.offers import Offer, title_of
from chalicelib.catalog.rules.products import MAX_STOCK, Kind
from chalicelib.catalog.rules.shards import MAX_SHARDS
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.texts import Reason

# Why units of a SKU became more or fewer. Acts of orders have the order's id beside them,
# `restock`, `correction` and `codes` the id of theirs, a lottery's its own; `spread` is between
# shards.
StockAct = Literal[
    "created", "restock", "correction", "codes", "repair", "spread", "unknown",
    "sale", "sale_again", "lottery", "lottery_over",
    "cancelled", "rejected", "refund", "returned", "exchange", "lost_dispute",
]  # fmt: skip

_ACTS: dict[str, StockAct] = {act: act for act in get_args(StockAct)}

Mark = Annotated[int, Meta(ge=0, le=MAX_STOCK)]
Shards = Annotated[int, Meta(ge=1, le=MAX_SHARDS)]


class Because(NamedTuple):
    """Why units move: the act, and the id of the order or record that tells more."""

    act: StockAct
    reference: str = ""

    @property
    def stamp(self) -> str:
        """As a stock item keeps it: `sale ord_…`."""
        return f"{self.act} {self.reference}".rstrip()

    @classmethod
    def of_stamp(cls, stamp: str | None) -> Because:
        """What a stock item keeps; `unknown` where an earlier release wrote, or a later one."""
        act, _, reference = (stamp or "").partition(" ")
        return cls(_ACTS[act], reference) if act in _ACTS else cls("unknown")


class Restock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number of units that come in, or leave if negative, and the reason."""

    quantity: Annotated[int, Meta(ge=-MAX_STOCK, le=MAX_STOCK)]
    reason: Reason


class Correction(Restock, frozen=True, forbid_unknown_fields=True):
    """The difference between the units that were counted and those on sale, and the reason."""


class SkuSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any of the number of shards (1 to 64), and the marks below and above which ops are told;
    null lifts a mark.
    """

    shards: Shards | UnsetType = UNSET
    low_mark: Mark | UnsetType | None = UNSET
    high_mark: Mark | UnsetType | None = UNSET


def check_moves(change: Restock) -> None:
    """Check that a restock changes the stock.

    Raises Invalid.
    """
    if not change.quantity:
        words = Words("不得为 0", "must not be 0")
        raise Invalid(FieldError("quantity", "zero", words))


def check_marks(low: int | None, high: int | None) -> None:
    """Check that the low mark is below the high one.

    Raises Invalid.
    """
    if low is not None and high is not None and low >= high:
        words = Words("须大于低库存线", "must be above low_mark")
        raise Invalid(FieldError("high_mark", "not_above_low_mark", words))


def check_is_counted(kind: Kind) -> None:
    """Check that the stock of this kind of goods is counted by hand.

    Raises StockComesFromCodes.
    """
    if kind == "virtual":
        raise StockComesFromCodes()


def out_of_stock(offer: Offer) -> OutOfStock:
    """The refusal of a quantity above the stock; it tells the units left."""
    refusal = OutOfStock(sku=offer.sku, available=offer.available).telling(title=title_of(offer))
    refusal.is_certain = offer.is_certain
    return refusal if offer.available <= 0 else refusal.saying(SOME_LEFT)
