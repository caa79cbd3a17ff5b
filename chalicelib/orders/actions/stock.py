"""Proof and repair of stock.

Traffic goes on meanwhile. A pool that agrees once is sound. The proof reads a pool that does not
agree again until it stops changing; it is wrong if a second search for orders finds the same. Of
movements, a gap is one that a second look finds again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from chalicelib import audit, catalog
from chalicelib.audit import Act, Actor
from chalicelib.kernel import ids
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.observe import count, logger
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.orders.errors import CodesMissing, StockAgrees, StockMoves
from chalicelib.orders.queries import listing, orders
from chalicelib.orders.rules.stock import (
    Pool,
    StockProblem,
    gap_problem,
    pool_problem,
    waiting_for_codes,
)

LOOKS, PAUSE_S, PASSES = 4, 1, 2
# The reader of the stream gathers changes for a second.
TOLD_WITHIN_S = 5


class Proof(msgspec.Struct):
    """How many pools and SKUs were checked, by how many movements, and the problems. `restless`
    SKUs changed at each read: their state is unknown.
    """

    pools: int = 0
    skus: int = 0
    movements: int = 0
    problems: list[StockProblem] = msgspec.field(default_factory=list)
    restless: list[str] = msgspec.field(default_factory=list)

    def __add__(self, other: Proof) -> Proof:
        return Proof(*(getattr(self, name) + getattr(other, name) for name in PARTS))


PARTS = Proof.__struct_fields__


def prove_stock(since_s: int = 0) -> Proof:
    """Check all pools, and the movements of all SKUs, or those since a time in epoch seconds."""
    return prove_pools() + prove_movements(since_s=since_s)


def prove_sku(sku: str) -> Proof:
    """Check the movements of a SKU, and its pool if it has one.

    Raises NotFound.
    """
    moves = prove_movements([sku])
    return prove_pools([sku]) + moves if sku in catalog.virtual_skus() else moves


def report(proof: Proof) -> None:
    """Log the result of a check, and count a failed one."""
    if proof.problems:
        count("StockNotSound", stage=config().stage)
        logger().error("stock is not sound", first=proof.problems[0]._asdict())
    logger().info(
        "stock was verified",
        pools=proof.pools,
        skus=proof.skus,
        movements=proof.movements,
        problems=len(proof.problems),
        restless=len(proof.restless),
    )


def prove_pools(skus: Sequence[str] | None = None) -> Proof:
    """Check that the free codes of each pool equal the units on sale and the units that wait.

    Raises NotFound for a SKU without a pool.
    """
    skus = catalog.virtual_skus() if skus is None else skus
    wrong, restless = _wrong_pools(skus)
    problems = [pool_problem(pool) for pool in wrong]
    return Proof(pools=len(skus), problems=problems, restless=restless)


def prove_movements(skus: Sequence[str] | None = None, since_s: int = 0) -> Proof:
    """Check that the movements of each SKU lead from one to the next, and to its stock.

    What was sold a moment ago is not told yet, so SKUs with gaps are looked at again.

    Raises NotFound.
    """
    skus = catalog.all_skus() if skus is None else skus
    seen = {sku: catalog.prove_movements(sku, since_s) for sku in skus}
    proof = Proof(skus=len(skus), movements=sum(count for count, _ in seen.values()))
    doubtful = {sku: gaps for sku, (_, gaps) in seen.items() if gaps}
    if doubtful:
        time.sleep(TOLD_WITHIN_S)
    for sku, gaps in doubtful.items():
        again = catalog.prove_movements(sku, since_s)[1]
        same = [gap_problem(sku, gap) for gap in again if gap in gaps]
        proof.problems += same
        proof.restless += [sku] if again and not same else []
    return proof


def repair_pool(sku: str, reason: str, actor: Actor, now: datetime) -> tuple[Act, bool]:
    """Set the stock of a SKU to what its free codes allow: (the act in the audit, replayed).

    Raises NotFound, StockAgrees, StockMoves, CodesMissing.
    """
    tried: list[Act] = []

    def write() -> Act:
        pool = _wrong_pool(sku)
        if pool.sellable == pool.available:
            raise CodesMissing(sku=sku, missing=-pool.lost)
        act = Act(
            ids.derived_id("act", "stock.repair", sku, str(pool.repairs)),
            "stock.repair",
            sku,
            actor,
            to_ms(now),
            reason,
            {"available": pool.available, "free": pool.free, "waiting": pool.waiting},
            {"available": pool.sellable},
        )
        tried[:] = [act]
        writes = WriteSet()
        seen = catalog.PoolState(pool.free, pool.available, pool.taken_in, pool.repairs)
        catalog.correct_stock(writes, sku, seen, pool.sellable)
        audit.record(writes, act)
        writes.commit()
        return act

    return replay_outranks_refusal(write, lambda: audit.find_act(tried[0]) if tried else None)


def _wrong_pool(sku: str) -> Pool:
    """Raises NotFound, StockAgrees, StockMoves."""
    wrong, restless = _wrong_pools([sku])
    if restless:
        raise StockMoves(sku=sku)
    if not wrong:
        raise StockAgrees(sku=sku)
    return wrong[0]


def _wrong_pools(skus: Sequence[str]) -> tuple[list[Pool], list[str]]:
    """Pools that do not agree, and SKUs of pools that never rest.

    The scan may miss an order placed meanwhile; the next pass finds it. A pool is wrong only if
    both passes say so.
    """
    known: set[str] = set()
    before: dict[str, int] = {}
    wrong: list[Pool] = []
    restless: list[str] = []
    for _ in range(PASSES):
        if not skus:
            return [], restless
        known |= orders.waiting_for_codes()
        found, moving = _read_until_stable(skus, known)
        restless += moving
        wrong = [pool for pool in found if before.get(pool.sku, pool.lost) == pool.lost]
        restless += [pool.sku for pool in found if pool not in wrong]
        before = {pool.sku: pool.lost for pool in found}
        skus = [pool.sku for pool in wrong]
    return wrong, sorted(restless)


def _read_until_stable(skus: Sequence[str], known: Iterable[str]) -> tuple[list[Pool], list[str]]:
    """Pools that disagree in two equal reads, and SKUs of pools that kept changing."""
    last: dict[str, Pool | None] = dict.fromkeys(skus)
    resting: list[Pool] = []
    for look in range(LOOKS):
        if look:
            time.sleep(PAUSE_S)
        ordered = listing.find_orders({*known, *orders.unpaid_virtual_orders()}, consistent=True)
        waiting = waiting_for_codes(ordered.values())
        for sku in list(last):
            pool = _read(sku, waiting[sku])
            if pool is not None and pool == last[sku]:
                resting.append(pool)
            if pool is not None and (pool.lost == 0 or pool == last[sku]):
                del last[sku]
            else:
                last[sku] = pool
        if not last:
            break
    return resting, list(last)


def _read(sku: str, waiting: int) -> Pool | None:
    """A pool now; None while its stock changes."""
    try:
        state = catalog.read_pool(sku)
    except Moved:
        return None
    return Pool(sku, state.free, state.available, waiting, state.total, state.repairs)
