"""Functions of the catalog: the readers of its stream, the index of goods, checks of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote_plus

import msgspec
from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib.catalog.actions import indexing
from chalicelib.catalog.facts import GoodsOrdered, ProductChanged, StockCrossed
from chalicelib.catalog.tables.items import PRODUCT, ProductItem
from chalicelib.catalog.tables.movements import ALERTS, AlertItem
from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339, rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.store.facts import Fact, read_fact
from chalicelib.kernel.store.queues import each_message
from chalicelib.kernel.store.streams import Change, follow, relay, source_arn
from chalicelib.kernel.store.tables import from_stream

events = Blueprint(__name__)


@events.on_dynamodb_record(stream_arn=source_arn("catalog"), name="catalog_relay")
def catalog_relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Publish changes of products, and marks of stock that were crossed. Its event source passes
    no others.
    """
    return relay(event, facts_of)


@events.on_dynamodb_record(stream_arn=source_arn("catalog"), name="stock_relay")
def stock_relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Follow the stock: its movements, the summary of a product, alerts of marks, and what a crash
    left of a change. Its event source passes items of stock alone.
    """
    return follow(event, follow_stock)


@events.on_sqs_message(
    queue=config().queue("search"),
    name="index_goods",
    batch_size=1000,
    maximum_batching_window_in_seconds=20,
)
def index_goods(event: SQSEvent) -> dict[str, Any]:
    """Bring a batch of changes and sales into the index, at once: all of it or nothing.

    A message that comes twice counts a sale twice, which popularity bears.
    """
    changed, orders = [], []
    for record in event.to_dict()["Records"]:
        fact = read_fact(record["body"], SEARCH)
        if fact is not None and isinstance(fact.data, GoodsOrdered):
            orders.append(fact.data.units)
        elif fact is not None:
            changed.append(fact.data.product_id)
    indexing.index_changes(changed, orders, clock.now())
    return {"batchItemFailures": []}


@events.schedule(Rate(5, unit=Rate.MINUTES), name="rebuild_index")
def rebuild_index(_: CloudWatchEvent) -> dict[str, int | None]:
    """Build the index of goods again if it is due, and take up new names."""
    return {"goods": indexing.rebuild_if_due(clock.now())}


SEARCH = (ProductChanged, GoodsOrdered)


@events.on_sqs_message(queue=config().queue("uploads"), name="check_uploads", batch_size=1)
def check_uploads(event: SQSEvent) -> dict[str, Any]:
    """Check what was sent to the bucket of uploads: S3 tells of each new object."""
    return each_message(event.to_dict(), _check)


def _check(body: str) -> None:
    from chalicelib.catalog.actions.uploads import check_upload

    # S3 also tells, once, that it will tell: `s3:TestEvent` has no records.
    for told in msgspec.json.decode(body).get("Records", []):
        # Source: S3's event messages: the key is spelt as in a URL.
        check_upload(unquote_plus(told["s3"]["object"]["key"]))


def follow_stock(changes: Sequence[Change]) -> None:
    """Write what follows from changes of stock items.

    Raises Unreadable, Unavailable.
    """
    from chalicelib.catalog.actions import movements
    from chalicelib.catalog.tables.stock import SHARD, StockItem

    def item_of(image: dict[str, Any] | None) -> Any:
        return None if image is None else from_stream(StockItem, image)

    # The stream's time is the machine's; people read the program's.
    now = clock.now()
    ahead_s = round((now - clock.machine_now()).total_seconds())
    told = [
        movements.StockChange(
            item_of(each.before), item_of(each.after), each.sequence_number, each.at_s + ahead_s
        )
        for each in changes
        if each.keys[1].startswith(SHARD)
    ]
    movements.follow(told, now)


def facts_of(change: Change) -> list[Fact[Any]]:
    """The fact of a new version of a product, or of a crossed mark, or nothing."""
    key, sort_key = change.keys
    if key == ALERTS and change.after is not None:
        return [_crossed(from_stream(AlertItem, change.after))]
    if sort_key != PRODUCT or change.after is None:
        return []
    item: ProductItem = from_stream(ProductItem, change.after)
    data = ProductChanged(product_id=item.product.id, version=item.version)
    name = f"{data.TYPE}:{data.product_id}:{data.version}"
    return [Fact.of(name, rfc3339(item.product.updated_at), data)]


def _crossed(item: AlertItem) -> Fact[StockCrossed]:
    alert = item.value()
    data = shaped(StockCrossed, alert)
    return Fact.of(f"{data.TYPE}:{alert.sku}:{alert.number}", rfc3339_ms(alert.at_ms), data)
