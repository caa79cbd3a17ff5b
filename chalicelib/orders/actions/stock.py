"""Whether stock agrees with what it is made of, and setting it right where it does not.

Traffic goes on meanwhile. A pool that agrees once is sound. A pool that does not agree is read
again until it no longer changes; it is wrong if a second search for orders finds the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

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
from chalicelib.orders.rules.stock import Pool, StockProblem, pool_problem, waiting_for_codes

LOOKS, PAUSE_S, PASSES = 4, 1, 2


@dataclass
class Proof:
    """How many SKUs were checked, and what is wrong; `restless` ones changed whenever they were
    read, and nothing is said of them.
    """

    checked: int = 0
    problems: list[StockProblem] = field(default_factory=list)
    restless: list[str] = field(default_factory=list)


def prove_stock() -> Proof:
    """Check each invariant of stock."""
    whole = Proof()
    for invariant in INVARIANTS:
        proof = invariant()
        whole.checked += proof.checked
        whole.problems += proof.problems
        whole.restless += proof.restless
    return whole


def tell(proof: Proof) -> None:
    """Log what a check came to, and count it where something is wrong."""
    if proof.problems:
        count("StockNotSound", stage=config().stage)
        logger().error("stock is not sound", first=proof.problems[0]._asdict())
    logger().info(
        "stock was verified",
        skus=proof.checked,
        problems=len(proof.problems),
        restless=len(proof.restless),
    )


def prove_pools(skus: Sequence[str] | None = None) -> Proof:
    """Check that free codes are what is on sale and what orders wait for, in each pool or these.

    Raises NotFound for a SKU that has none.
    """
    skus = catalog.virtual_skus() if skus is None else skus
    wrong, restless = _wrong_pools(skus)
    return Proof(len(skus), [pool_problem(pool) for pool in wrong], restless)


def repair_pool(sku: str, reason: str, actor: Actor, now: datetime) -> tuple[Act, bool]:
    """Put on sale what the free codes of a SKU allow: (the act in the audit, replayed).

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
    """Pools that do not agree, and SKUs of those that never rest.

    An order that was placed while orders were scanned, and that waits since, is found by the next
    pass: only what both say is wrong.
    """
    known: set[str] = set()
    before: dict[str, int] = {}
    wrong: list[Pool] = []
    restless: list[str] = []
    for _ in range(PASSES):
        if not skus:
            return [], restless
        known |= orders.waiting_for_codes()
        found, moving = _look(skus, known)
        restless += moving
        wrong = [pool for pool in found if before.get(pool.sku, pool.lost) == pool.lost]
        restless += [pool.sku for pool in found if pool not in wrong]
        before = {pool.sku: pool.lost for pool in found}
        skus = [pool.sku for pool in wrong]
    return wrong, sorted(restless)


def _look(skus: Sequence[str], known: Iterable[str]) -> tuple[list[Pool], list[str]]:
    """Pools that are the same twice in a row without agreeing; those that are neither."""
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
    """A pool as it is, None while its stock moves."""
    try:
        state = catalog.read_pool(sku)
    except Moved:
        return None
    return Pool(sku, state.free, state.available, waiting, state.total, state.repairs)


# A new part of stock, such as slots or shards, adds its proof here.
INVARIANTS: tuple[Callable[[], Proof], ...] = (prove_pools,)
