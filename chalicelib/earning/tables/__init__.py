"""The items of earning: partners' events and orders, rules, and the counters of their limits."""

from chalicelib.earning.tables.events import (
    ITEMS,
    REFUND_SHARDS,
    ROOM_BYTES,
    DecidedItem,
    EarningItem,
    EventItem,
    PartnerOrderItem,
    SoldItemsItem,
    UnmatchedItem,
    WaitingRefundItem,
    decided,
    refunds_key,
    refunds_prefix,
    refunds_shard,
)
