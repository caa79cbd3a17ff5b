"""The items of withdrawals. They stand in the payments table, by which they share its stream.

pk WDR#<withdrawal>     sk WITHDRAWAL
pk MEM#<member>         sk ACCOUNT (where withdrawals go); LIMIT#<period>; WDR#<time>#<withdrawal>
pk BNK#<bank file>      sk FILE
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import IntegerAttribute
from chalicelib.kernel.store.indexes import KEYS_ONLY, index
from chalicelib.kernel.store.tables import Item


class WithdrawalsItem(Item):
    """The keys and indexes that all items of withdrawals share."""

    class Meta:
        table_name = config().table("payments")

    # The withdrawals that a sweep has to look at, by when (epoch seconds): sparse, keys only.
    due = index("due", "due_shard", "due_at", projection=KEYS_ONLY, order_type=IntegerAttribute)
    # Withdrawals by their state, and bank files: what finance lists.
    listed = index("listed", "list_name", "list_order")
    due_shard = UnicodeAttribute(null=True)
    due_at = IntegerAttribute(null=True)
    list_name = UnicodeAttribute(null=True)
    list_order = UnicodeAttribute(null=True)
