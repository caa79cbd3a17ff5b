"""The keys and indexes of the marketing table. The table `campaigns` is that of earning."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import IntegerAttribute
from chalicelib.kernel.store.indexes import KEYS_ONLY, index
from chalicelib.kernel.store.tables import Item


class MarketingItem(Item):
    class Meta:
        table_name = config().table("marketing")

    # What is to be looked at, by when (epoch seconds): sparse, keys only.
    due = index("due", "due_shard", "due_at", projection=KEYS_ONLY, order_type=IntegerAttribute)
    listed = index("listed", "list_name", "list_order", projection=KEYS_ONLY)
    # What a member has in a partition, such as their draws of a lottery, read consistently.
    owned = index("owned", "pk", "owned_by")
    due_shard = UnicodeAttribute(null=True)
    due_at = IntegerAttribute(null=True)
    list_name = UnicodeAttribute(null=True)
    list_order = UnicodeAttribute(null=True)
    owned_by = UnicodeAttribute(null=True)
