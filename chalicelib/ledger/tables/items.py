"""The ledger's table: its keys and indexes.

pk ACC#<account>    sk ACCOUNT; ENT#<reference>; PND#<reference>; STATUS#<ms>
pk HLD#<hold>       sk HOLD
pk ESC#<claimant>   sk <transfer>
pk ADJ#<adjustment> sk ADJUSTMENT
pk JOB#<job>        sk JOB; SEG#<part>
pk JOBS             sk <type of job>
pk TOTALS#<unit>    sk <day>
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
due_shard, due_shards = partial(shard_of, shards=8), partial(shards_of, shards=8)
ACCOUNT, ENTRY, PENDING, STATUS = "ACCOUNT", "ENT#", "PND#", "STATUS#"
HOLD, ADJUSTMENT = "HOLD", "ADJUSTMENT"
JOB, PART, JOBS = "JOB", "SEG#", "JOBS"
# What becomes due, each in shards of its own: lots, holds, pending points, escrows.
EXPIRIES, TIME_OUTS, UNLOCKS, RETURNS = "EXPIRY", "HOLD", "UNLOCK", "ESCROW"
# Adjustments that wait for a second person are few: one shard, by the time of asking.
APPROVALS = "APPROVAL"


class LedgerItem(Item):
    """The keys and indexes of all items of the table."""

    class Meta:
        table_name = config().table("ledger")

    # An account's entries by the time and order of their recording.
    history_index = index("history", "pk", "history")
    # What moved points in or out on a program day, over DAY_SHARDS partitions: for finance.
    by_day = index("by_day", "day_shard", "day_order")
    # What time makes necessary, by when (epoch seconds): sparse, keys only.
    due = index("due", "due_shard", "due_at", projection=KEYS_ONLY, order_type=IntegerAttribute)
    # Accounts by when their next reminder is due (epoch seconds): sparse, keys only.
    reminders = index(
        "reminders", "due_shard", "remind_at", projection=KEYS_ONLY, order_type=IntegerAttribute
    )
    history = UnicodeAttribute(null=True)
    day_shard = UnicodeAttribute(null=True)
    day_order = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = IntegerAttribute(null=True)
    remind_at = IntegerAttribute(null=True)


def account_key(account_id: str) -> str:
    return f"ACC#{account_id}"


def entry_key(reference: str) -> str:
    return ENTRY + reference


def hold_key(hold_id: str) -> str:
    return f"HLD#{hold_id}"


def escrow_key(claimant: str) -> str:
    return f"ESC#{claimant}"


def adjustment_key(adjustment_id: str) -> str:
    return f"ADJ#{adjustment_id}"


def job_key(job_id: str) -> str:
    return f"JOB#{job_id}"


def totals_key(unit: str) -> str:
    return f"TOTALS#{unit}"
