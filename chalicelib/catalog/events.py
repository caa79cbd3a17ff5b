"""Functions of the catalog: the relay of its stream, the index of goods, checks of pictures."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

import msgspec
from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib.catalog.actions import indexing
from chalicelib.catalog.facts import GoodsOrdered, ProductChanged
from chalicelib.catalog.tables.items import PRODUCT, ProductItem
from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339
from chalicelib.kernel.config import config
from chalicelib.kernel.store.facts import Fact, read_fact
from chalicelib.kernel.store.queues import each_message
from chalicelib.kernel.store.streams import Change, relay, source_arn
from chalicelib.kernel.store.tables import from_stream

events = Blueprint(__name__)


@events.on_dynamodb_record(stream_arn=source_arn("catalog"), name="catalog_relay")
def catalog_relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Publish changes of products. Its event source passes no others."""
    return relay(event, facts_of)


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


def facts_of(change: Change) -> list[Fact[Any]]:
    """The fact of a new version of a product, or nothing."""
    _, sort_key = change.keys
    if sort_key != PRODUCT or change.after is None:
        return []
    item: ProductItem = from_stream(ProductItem, change.after)
    data = ProductChanged(product_id=item.product.id, version=item.version)
    name = f"{data.TYPE}:{data.product_id}:{data.version}"
    return [Fact.of(name, rfc3339(item.product.updated_at), data)]
