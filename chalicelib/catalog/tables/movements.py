"""Items that a reader of the stream keeps of stock, in the catalog table.

MOVES#<sku>#<lane>  <place>   a movement; the shards of a SKU share a few lanes, as what has one
                              partition key stands in one partition
PRD#<product>       STOCK     the units of all SKUs of a product, beside it
ALERTS              <sku>     a SKU that is beyond one of its marks
"""

from __future__ import annotations

import zlib

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.catalog.rules.movements import Alert, Movement, StockSummary
from chalicelib.catalog.rules.stock import Because
from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.kernel.store.attributes import BytesAttribute, ChoiceAttribute, IntegerAttribute

LANES = 8
ALERTS, SUMMARY = "ALERTS", "STOCK"


class MovementItem(CatalogItem):
    """Put once: its keys and all that it holds follow from the stream's record."""

    shard = IntegerAttribute()
    before = IntegerAttribute()
    after = IntegerAttribute()
    because = UnicodeAttribute()
    at = IntegerAttribute()  # epoch seconds
    ttl = IntegerAttribute(null=True)

    @staticmethod
    def lane_of(sku: str, lane: int) -> str:
        return f"MOVES#{sku}#{lane}"

    @classmethod
    def of(cls, movement: Movement, ends_at: int | None) -> MovementItem:
        return cls.holding(
            movement,
            cls.lane_of(movement.sku, movement.shard % LANES),
            movement.place,
            because=movement.because.stamp,
            at=movement.at_s,
            ttl=ends_at,
        )

    def value(self) -> Movement:
        because = Because.of_stamp(self.because)
        sku = self.pk.split("#")[1]
        return self.into(Movement, sku=sku, because=because, at_s=self.at, place=self.sk)


class SummaryItem(CatalogItem):
    """The stock of a product in short, so that a page of many SKUs reads one item.

    `version` counts its writes: each rests on stock that was read after the one before it.
    """

    version = IntegerAttribute()
    packed = BytesAttribute()

    @staticmethod
    def key_of(product_id: str) -> tuple[str, str]:
        return f"PRD#{product_id}", SUMMARY

    @classmethod
    def of(cls, product_id: str, summary: StockSummary, version: int) -> SummaryItem:
        packed = zlib.compress(msgspec.json.encode(summary, order="deterministic"))
        return cls(*cls.key_of(product_id), version=version, packed=packed)

    def value(self) -> StockSummary:
        return msgspec.json.decode(zlib.decompress(self.packed), type=StockSummary)


class AlertItem(CatalogItem):
    """There while a SKU is beyond a mark."""

    product_id = UnicodeAttribute()
    level = ChoiceAttribute(("low", "high"))
    mark = IntegerAttribute()
    available = IntegerAttribute()
    at = IntegerAttribute()  # epoch milliseconds
    number = IntegerAttribute()

    @classmethod
    def key(cls, sku: str) -> AlertItem:
        return cls(ALERTS, sku)

    @classmethod
    def of(cls, alert: Alert) -> AlertItem:
        return cls.holding(alert, ALERTS, alert.sku, at=alert.at_ms)

    def value(self) -> Alert:
        return self.into(Alert, sku=self.sk, at_ms=self.at)
