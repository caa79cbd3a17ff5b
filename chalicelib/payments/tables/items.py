"""The payments table: its keys and indexes.

pk CASH#<reference>     sk ENTRY
pk PAY#<order>          sk PAYMENT; KEY#<digest>; REF#<refund>
pk WHK#<object>         sk <fact>
Withdrawals keep items of their own in it: see chalicelib/withdrawals/tables/items.py.
"""

from __future__ import annotations

import zlib
from datetime import date
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import IntegerAttribute
from chalicelib.kernel.store.tables import Item

DAY_SHARDS = 8
DUE_SHARDS = 4


class ByDay(GlobalSecondaryIndex[Any]):
    """Cash entries recorded on a program day, over DAY_SHARDS partitions: for finance."""

    class Meta:
        index_name = "by_day"
        projection = AllProjection()

    day_shard = UnicodeAttribute(hash_key=True)
    day_order = UnicodeAttribute(range_key=True)


class Due(GlobalSecondaryIndex[Any]):
    """What a sweeper has to settle, by when (epoch seconds): sparse, keys only."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = IntegerAttribute(range_key=True)


class Listed(GlobalSecondaryIndex[Any]):
    """What people list: a member's withdrawals, work that waits for finance or ops."""

    class Meta:
        index_name = "listed"
        projection = AllProjection()

    list_name = UnicodeAttribute(hash_key=True)
    list_order = UnicodeAttribute(range_key=True)


class PaymentsItem(Item):
    """What all items of the table share: its keys and indexes."""

    class Meta:
        table_name = config().table("payments")

    by_day = ByDay()
    due = Due()
    listed = Listed()
    day_shard = UnicodeAttribute(null=True)
    day_order = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = IntegerAttribute(null=True)
    list_name = UnicodeAttribute(null=True)
    list_order = UnicodeAttribute(null=True)


def shard_of(name: str, shards: int) -> int:
    return zlib.crc32(name.encode()) % shards


def day_shards(day: date) -> list[str]:
    """The partitions of the index by day that hold a program day."""
    return [f"{day}#{number}" for number in range(DAY_SHARDS)]


def due_shard(kind: str, of: str) -> str:
    return f"{kind}#{shard_of(of, DUE_SHARDS)}"


def due_shards(kind: str) -> list[str]:
    return [f"{kind}#{number}" for number in range(DUE_SHARDS)]
