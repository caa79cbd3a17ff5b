"""The items of withdrawals. They stand in the payments table, by which they share its stream.

pk WDR#<withdrawal>     sk WITHDRAWAL
pk MEM#<member>         sk ACCOUNT (where withdrawals go); LIMIT#<period>; WDR#<time>#<withdrawal>
pk BNK#<bank file>      sk FILE
"""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import IntegerAttribute
from chalicelib.kernel.store.tables import Item


class Due(GlobalSecondaryIndex[Any]):
    """The withdrawals that a sweep has to look at, by when (epoch seconds): sparse, keys only."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = IntegerAttribute(range_key=True)


class Listed(GlobalSecondaryIndex[Any]):
    """Withdrawals by their state, and bank files: what finance lists."""

    class Meta:
        index_name = "listed"
        projection = AllProjection()

    list_name = UnicodeAttribute(hash_key=True)
    list_order = UnicodeAttribute(range_key=True)


class WithdrawalsItem(Item):
    """What all items of withdrawals share: their keys and indexes."""

    class Meta:
        table_name = config().table("payments")

    due = Due()
    listed = Listed()
    due_shard = UnicodeAttribute(null=True)
    due_at = IntegerAttribute(null=True)
    list_name = UnicodeAttribute(null=True)
    list_order = UnicodeAttribute(null=True)
