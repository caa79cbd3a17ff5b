"""The relay of the catalog's stream: changes of products become facts."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, DynamoDBEvent

from chalicelib.catalog.facts import ProductChanged
from chalicelib.catalog.tables.items import PRODUCT, ProductItem
from chalicelib.kernel.clock import rfc3339
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.streams import Change, relay, source_arn
from chalicelib.kernel.store.tables import from_stream

events = Blueprint(__name__)


@events.on_dynamodb_record(stream_arn=source_arn("catalog"), name="catalog_relay")
def catalog_relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Publish changes of products. Its event source passes no others."""
    return relay(event, facts_of)


def facts_of(change: Change) -> list[Fact[Any]]:
    """The fact of a new version of a product, or nothing."""
    _, sort_key = change.keys
    if sort_key != PRODUCT or change.after is None:
        return []
    item: ProductItem = from_stream(ProductItem, change.after)
    data = ProductChanged(product_id=item.product.id, version=item.version)
    name = f"{data.TYPE}:{data.product_id}:{data.version}"
    return [Fact.of(name, rfc3339(item.product.updated_at), data)]
