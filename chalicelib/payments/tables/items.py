"""The payments table: its keys and indexes.

pk CASH#<reference>     sk ENTRY
pk PAY#<order>          sk PAYMENT; KEY#<digest>; REF#<refund>
pk WHK#<object>         sk <fact>
Withdrawals keep items of their own in it: see chalicelib/withdrawals/tables/items.py.
"""

from __future__ import annotations

from functools import partial

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import IntegerAttribute
from chalicelib.kernel.store.indexes import KEYS_ONLY, index, shard_of, shards_of
from chalicelib.kernel.store.tables import Item

DAY_SHARDS = 8
day_shard, day_shards = partial(shard_of, shards=DAY_SHARDS), partial(shards_of, shards=DAY_SHARDS)
due_shard, due_shards = partial(shard_of, shards=4), partial(shards_of, shards=4)


class PaymentsItem(Item):
    """The keys and indexes that all items of the table share."""

    class Meta:
        table_name = config().table("payments")

    # Cash entries recorded on a program day, over DAY_SHARDS partitions: for finance.
    by_day = index("by_day", "day_shard", "day_order")
    # What a sweeper has to settle, by when (epoch seconds): sparse, keys only.
    due = index("due", "due_shard", "due_at", projection=KEYS_ONLY, order_type=IntegerAttribute)
    # What people list: a member's withdrawals, work that waits for finance or ops.
    listed = index("listed", "list_name", "list_order")
    day_shard = UnicodeAttribute(null=True)
    day_order = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = IntegerAttribute(null=True)
    list_name = UnicodeAttribute(null=True)
    list_order = UnicodeAttribute(null=True)
