"""Writes of code pools: import, hand-out and repair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.catalog.actions.stock import add_units, take_units
from chalicelib.catalog.errors import CodePoolEmpty
from chalicelib.catalog.queries.offers import get_offer
from chalicelib.catalog.queries.pools import (
    PoolState,
    count_uncounted,
    free_codes,
    known_hashes,
)
from chalicelib.catalog.queries.products import virtual_skus
from chalicelib.catalog.rules.codes import check_distinct, check_has_codes
from chalicelib.catalog.rules.stock import Because
from chalicelib.catalog.tables.pools import (
    ISSUED,
    LAST,
    CodeItem,
    FoundCode,
    ImportItem,
    IssuedItem,
    PoolItem,
    hash_of,
    lookup_of,
)
from chalicelib.kernel import clock
from chalicelib.kernel.crypto import keyed_hash
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, Moved
from chalicelib.kernel.store.writes import (
    WriteSet,
    replay_outranks_refusal,
    unmoved,
    update_alone,
    was_written,
    with_fresh_reads,
)

CHUNK = 90  # with stock, pool and import, below the 100 writes of a transaction


def take_codes(
    writes: WriteSet, sku: str, quantity: int, order_id: str, now: datetime
) -> list[str]:
    """Add to a transaction: issue free codes to an order, two writes for each, and one for their
    count. The plain codes.

    The search starts at a hash of the order's id, so orders at the same time seldom take the
    same code. If they do, the commit raises Moved: call again.

    Raises CodePoolEmpty.
    """
    start = keyed_hash("take", order_id)[:16].hex()
    found = free_codes(sku, start, LAST, quantity)
    if len(found) < quantity:
        found += free_codes(sku, "", start, quantity - len(found))
    if len(found) < quantity:
        raise CodePoolEmpty(sku=sku)
    for code in found:
        writes.delete(code, condition=CodeItem.sk.exists())
        writes.put(code.issued(order_id, clock.to_ms(now)))
    writes.update(IssuedItem.key(sku, order_id), [IssuedItem.issued.add(quantity)])
    return [code.plain() for code in found]


def import_codes(
    sku: str, codes: Sequence[str], record: ImportItem, now: datetime, act: Act
) -> tuple[ImportItem, bool]:
    """Import codes into a pool in chunks: (import, replayed).

    A transaction writes a chunk and its stock together. A retry goes on where the first try
    stopped. `record` has the keys, id and maker of this import.

    Raises Invalid, NotFound, CodesAreForVirtualGoods, IdempotencyKeyReused.
    """
    record.sku, record.created_at = sku, clock.to_ms(now)
    # A plain digest of a few short codes could be guessed from a copy of the table.
    record.made_of = keyed_hash("import", sku, *codes)[:12]
    record.done = record.imported = record.duplicates = 0

    def begin() -> ImportItem:
        check_has_codes(get_offer(sku).kind)
        check_distinct(codes)
        writes = WriteSet()
        writes.put_new(record, or_raise=IdempotencyKeyReused)
        audit.record(writes, act.changing({}, {"codes": len(codes), "import": record.id}))
        writes.commit()
        return record

    def find() -> ImportItem | None:
        return replay_of(ImportItem.find(record.pk, record.sk), record.made_of)

    progress, replayed = replay_outranks_refusal(begin, find)
    sum(count_issued([sku]))
    while progress.done < len(codes):
        progress = with_fresh_reads(lambda: _import_chunk(sku, codes, record))
    return progress, replayed


def correct_stock(writes: WriteSet, sku: str, seen: PoolState, available: int) -> None:
    """Add to a transaction: set the available units of a virtual SKU, once for a seen state.

    The commit raises Moved if the pool or its repairs have changed since, or too few units are left
    of those that must go.

    Raises Moved.
    """
    offer, because = get_offer(sku), Because("repair")
    if offer.available != seen.available:
        raise Moved()
    if available > offer.available:
        add_units(writes, sku, available - offer.available, because)
    elif available < offer.available:
        take_units(writes, offer, offer.available - available, because)
    writes.update(
        PoolItem.key(sku),
        [PoolItem.total.set(seen.total), PoolItem.repairs.set(seen.repairs + 1)],
        condition=unmoved(PoolItem.total, seen.total) & unmoved(PoolItem.repairs, seen.repairs),
    )


def count_issued(skus: Iterable[str] | None = None) -> Iterator[int]:
    """Keep what releases that counted none have issued of each pool; yield 1 for each pool that had
    no such number. Codes may be issued meanwhile, each with a mark."""
    for sku in virtual_skus() if skus is None else skus:
        pool = PoolItem.read(sku)
        is_new = pool.total > 0 and pool.uncounted is None
        if is_new:
            kept = PoolItem.uncounted.set(count_uncounted(sku))
            update_alone(PoolItem.key(sku), [kept], condition=PoolItem.total.exists())
        yield int(is_new)


def index_codes() -> Iterator[int]:
    """Index issued codes of earlier releases; yield 1 for each indexed item, 0 for others."""
    for item in FoundCode.scan():
        is_missing = item.sk.startswith(ISSUED) and item.lookup is None
        if is_missing:
            _index_code(CodeItem.find(item.pk, item.sk))
        yield int(is_missing)


def _index_code(item: CodeItem) -> None:
    found_by = CodeItem.lookup.set(lookup_of(item.plain()))
    was_written(lambda: item.update([found_by], condition=CodeItem.sk.exists()))


def _import_chunk(sku: str, codes: Sequence[str], record: ImportItem) -> ImportItem:
    """The import after its next chunk.

    The pool's total is read before its codes and guarded: no code is imported twice, even if
    another import adds it and an order takes it in between.
    """
    progress: ImportItem = ImportItem.find(record.pk, record.sk)
    part = codes[progress.done : progress.done + CHUNK]
    if not part:
        return progress
    total = PoolItem.total_of(sku)
    known = known_hashes(sku, part)
    fresh = [code for code in part if hash_of(sku, code) not in known]
    seen_done = progress.done
    progress.done += len(part)
    progress.imported += len(fresh)
    progress.duplicates += len(part) - len(fresh)
    writes = WriteSet()
    writes.put(progress, condition=ImportItem.done == seen_done)
    if fresh:
        _add_codes(writes, sku, fresh, total, Because("codes", record.id))
    writes.commit()
    return progress


def _add_codes(
    writes: WriteSet, sku: str, codes: Sequence[str], total: int, because: Because
) -> None:
    for code in codes:
        writes.put_new(CodeItem.free(sku, code), or_raise=Moved)
    writes.update(
        PoolItem.key(sku),
        [PoolItem.total.set(total + len(codes)), *([] if total else [PoolItem.uncounted.set(0)])],
        condition=unmoved(PoolItem.total, total),
    )
    add_units(writes, sku, len(codes), because)
