"""The finance table: its keys and its index.

pk SETTLED#<currency>  sk <day>
pk BEGINNING           sk BEGINNING (nothing moved before its day)
pk REBUILD#<job>       sk REBUILD
pk LIABILITIES         sk <day>
pk LIABILITY#<day>     sk SHARD#<shard> (parts of the walk over accounts)
pk RECONCILED          sk <day>
pk FINDING#<key>       sk FINDING
pk INVOICE#<invoice>   sk INVOICE
pk INVOICED#<order>    sk ORDER
pk NUMBER#<number>     sk NUMBER (of an invoice, blue or red)
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.config import config
from chalicelib.kernel.store.indexes import index
from chalicelib.kernel.store.tables import Item


class FinanceItem(Item):
    """The base of all items of the table: its keys and its index."""

    class Meta:
        table_name = config().table("finance")

    # What finance lists: settlements, reconciliations and their findings, invoices.
    listed = index("listed", "list_name", "list_order")
    list_name = UnicodeAttribute(null=True)
    list_order = UnicodeAttribute(null=True)
