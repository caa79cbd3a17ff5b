"""Reads of code pools."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from chalicelib.catalog.queries.offers import get_offer
from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.catalog.tables.pools import (
    COUNT,
    FREE,
    ISSUED,
    CodeItem,
    FoundCode,
    IssuedItem,
    PoolItem,
    hash_of,
    lookup_of,
    pool_key,
)
from chalicelib.kernel.errors import Moved, NotFound, Words
from chalicelib.kernel.store.writes import with_fresh_reads

_NO_POOL = Words(
    "{sku} 不是虚拟商品，没有卡券码池", "{sku} is not virtual: it has no pool of codes"
)


class PoolState(NamedTuple):
    """A pool and the stock of its SKU: free codes, units on sale, codes ever imported, repairs of
    the stock.
    """

    free: int
    available: int
    total: int
    repairs: int


class PoolCount(NamedTuple):
    """Free and issued codes of a pool."""

    free: int
    issued: int


def count_codes(sku: str) -> PoolCount:
    """The free and the issued codes of a virtual SKU, without a look at them.

    Raises NotFound if there is no such pool.
    """
    if get_offer(sku).kind != "virtual":
        raise NotFound().saying(_NO_POOL).telling(sku=sku)

    def count() -> PoolCount:
        pool = PoolItem.read(sku)
        issued = _issued(pool, sku)
        if PoolItem.total_of(sku) != pool.total:
            raise Moved()
        return PoolCount(pool.total - issued, issued)

    return with_fresh_reads(count)


def count_uncounted(sku: str) -> int:
    """The codes that earlier releases issued of a pool, by reading them: they have no mark."""
    keys, unmarked = CodeItem.sk.startswith(ISSUED), CodeItem.is_counted.does_not_exist()
    return CodeItem.count(pool_key(sku), keys, unmarked, consistent_read=True)


def _issued(pool: PoolItem, sku: str) -> int:
    if not pool.total:
        return 0
    earlier = count_uncounted(sku) if pool.uncounted is None else pool.uncounted
    keys = IssuedItem.sk.startswith(COUNT)
    return earlier + sum(
        item.issued for item in IssuedItem.query(pool_key(sku), keys, consistent_read=True)
    )


def read_pool(sku: str) -> PoolState:
    """A pool and the stock of its SKU, read consistently.

    Raises NotFound if there is no such pool, Moved while its stock changes.
    """
    offer = get_offer(sku)
    if offer.kind != "virtual":
        raise NotFound().saying(_NO_POOL).telling(sku=sku)
    pool, free = PoolItem.read(sku), _count_free(sku)
    if get_offer(sku).available != offer.available:
        raise Moved()
    return PoolState(free, offer.available, pool.total, pool.repairs or 0)


def issued_codes(code: str, **paging: Any) -> Any:
    """Items of issued codes of all pools by their letters, the newest first."""
    return FoundCode.by_code.query(lookup_of(code), scan_index_forward=False, **paging)


def free_codes(sku: str, start: str, end: str, limit: int) -> list[CodeItem]:
    """Free codes of a pool whose hashes lie between two."""
    keys = CodeItem.sk.between(FREE + start, FREE + end)
    return list(CodeItem.query(pool_key(sku), keys, consistent_read=True, limit=limit))


def known_hashes(sku: str, codes: Iterable[str]) -> set[str]:
    """Hashes of these codes that are in the pool, free or issued."""
    hashes = [hash_of(sku, code) for code in codes]
    keys = [(pool_key(sku), state + hashed) for hashed in hashes for state in (FREE, ISSUED)]
    found = CatalogItem.batch_get(keys, consistent_read=True, attributes_to_get=["pk", "sk"])
    return {item.sk.partition("#")[2] for item in found}


def _count_free(sku: str) -> int:
    return CodeItem.count(pool_key(sku), CodeItem.sk.startswith(FREE), consistent_read=True)
