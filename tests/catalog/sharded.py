"""SKUs whose stock stands in shards, bought from and returned to as orders do."""

from __future__ import annotations

from chalicelib.catalog import release, reserve, sold_out, want_offers
from chalicelib.catalog.queries.offers import find_offers
from chalicelib.catalog.rules.stock import Because
from chalicelib.kernel import ids
from chalicelib.kernel.errors import JifenError
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from tests.api import Answer
from tests.catalog.shop import Shop, fresh


def buy(sku: str, quantity: int = 1, buyer: str | None = None) -> str:
    """Reserve as an order does; the outcome."""

    def attempt() -> str:
        reads, order_id = ReadSet(), buyer or ids.new_id("ord")
        find = want_offers(
            reads, [sku], consistent=True, quantities={sku: quantity}, buyer=order_id
        )
        reads.read()
        offer = find()[sku]
        if offer.available < quantity:
            raise sold_out(offer)
        writes = WriteSet()
        reserve(writes, offer, quantity, order_id)
        writes.commit()
        return "bought"

    try:
        return with_fresh_reads(attempt)
    except JifenError as refused:
        return refused.code


def back(sku: str, quantity: int = 1) -> None:
    writes = WriteSet()
    release(writes, sku, quantity, Because("cancelled", "ord_1"))
    writes.commit()


def left(sku: str) -> dict[int, int]:
    """Units by shard."""
    found = find_offers([sku], consistent=True)[sku].left
    assert found is not None
    return found


def change(shop: Shop, sku: str, body: object, version: int | None = None) -> Answer:
    seen = shop.get(f"skus/{sku}").body["version"] if version is None else version
    return shop.patch(f"skus/{sku}", body, version=seen)


def hot(shop: Shop, stock: int, shards: int) -> str:
    return shop.sku(skus=[{"sku": fresh("HOT"), "stock": stock, "shards": shards}])
