"""One SKU's flash sale on a model of DynamoDB's partitions, tick by tick, the same at each run.

Modelled: a partition of each shard, which takes 1,000 write units a second and throttles beyond;
transactions that meet on an item, of which 1 - exp(-λτ/N) are cancelled at λ attempts a second
that last τ; what a cancelled transaction and a refused condition cost; processes that remember the
number of shards and that a SKU is sold out. Of the mall: its choice of shards and its draws
(`catalog/rules/shards.py`). Not modelled: other items of an order, whose partitions are many, the
time that DynamoDB takes to split a partition, the network, and the few buyers who read the last
units before others took them. Units of real orders are counted by
`infra/bench`, and orders of real processes by `tests/faults/test_processes.py`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import exp
from typing import NamedTuple
from zlib import crc32

from chalicelib.catalog.rules.shards import draws_of, shard_for
from chalicelib.kernel.store.pauses import ATTEMPTS, FIRST_PAUSE_S, LONGEST_PAUSE_S

# Source: DynamoDB, "Partitions and data distribution".
UNITS_A_SECOND = 1_000
TICKS_A_SECOND = 100
# A transaction writes an item under 1 KB for two units, and a mark alone for one.
DRAW_UNITS, MARK_UNITS = 2, 1
SKU = "HOT"


class Sale(NamedTuple):
    """A flash sale: units over shards, buyers a second, processes of the mall, and the
    milliseconds that a transaction holds its items; `returned` of a thousand orders are undone a
    second later.
    """

    shards: int
    stock: int
    buyers_a_second: int
    processes: int = 200
    held_ms: int = 5
    returned: int = 0


@dataclass
class Partitions:
    """What happened to a sale so far."""

    sale: Sale
    left: Counter[int] = field(default_factory=Counter)
    spent: Counter[int] = field(default_factory=Counter)
    sold: int = 0
    refused: int = 0
    given_up: int = 0
    conflicts: int = 0
    units: int = 0
    units_of_refusals: int = 0
    epoch: int = 0
    empty_in: int = -1
    remembers: set[int] = field(default_factory=set)
    waiting: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    due: Counter[int] = field(default_factory=Counter)
    attempts: int = 0
    rate: int = 0

    def __post_init__(self) -> None:
        part, more = divmod(self.sale.stock, self.sale.shards)
        for shard in range(self.sale.shards):
            self.left[shard] = part + (shard < more)


def run(sale: Sale, seconds: int) -> Partitions:
    """The sale after so many seconds."""
    state, number = Partitions(sale), 0
    for tick in range(seconds * TICKS_A_SECOND):
        state.spent.clear()
        for _ in range(state.due[tick]):
            _give_back(state)
        waiting = state.waiting.pop(tick, [])
        arrived = sale.buyers_a_second * (tick + 1) // TICKS_A_SECOND - number
        before = state.attempts
        for order, tried in [*waiting, *((number + each, 0) for each in range(arrived))]:
            _attempt(state, order, tried, tick)
        number += arrived
        state.rate = (state.attempts - before) * TICKS_A_SECOND
    return state


def _attempt(state: Partitions, order: int, tried: int, tick: int) -> None:
    process = order % state.sale.processes
    if process in state.remembers and state.empty_in == state.epoch:
        state.refused += 1
        return
    state.remembers.discard(process)
    first = shard_for(f"ord_{order}{tried or ''}", SKU, state.sale.shards)
    left = {first: state.left[first]}
    if not left[first]:
        # The second look: the head, and then all.
        left = {shard: units for shard, units in state.left.items() if units}
    draws = draws_of(1, left)
    if draws is None:
        _refuse(state, process)
        return
    shard = draws[0].shard
    if state.spent[shard] + DRAW_UNITS > UNITS_A_SECOND // TICKS_A_SECOND:
        _again(state, order, tried, tick)  # throttled: it costs nothing
        return
    state.attempts += 1
    state.spent[shard] += DRAW_UNITS
    state.units += DRAW_UNITS
    if _meets(state, order, tried):
        state.conflicts += 1
        _again(state, order, tried, tick)
        return
    state.left[shard] -= 1
    state.sold += 1
    if crc32(f"returned {order}".encode()) % 1000 < state.sale.returned:
        state.due[tick + TICKS_A_SECOND] += 1


def _refuse(state: Partitions, process: int) -> None:
    state.refused += 1
    state.remembers.add(process)
    if state.empty_in != state.epoch:
        state.empty_in = state.epoch
        state.units_of_refusals += MARK_UNITS


def _again(state: Partitions, order: int, tried: int, tick: int) -> None:
    """Wait as `kernel/store/pauses.py` does, with a hash for its jitter."""
    if tried + 1 == ATTEMPTS:
        state.given_up += 1
        return
    longest_ms = 1000 * min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**tried)
    ticks = round(longest_ms * TICKS_A_SECOND / 1000)
    later = tick + 1 + crc32(f"pause {order} {tried}".encode()) % max(ticks, 1)
    state.waiting.setdefault(later, []).append((order, tried + 1))


def _give_back(state: Partitions) -> None:
    state.left[0] += 1
    state.sold -= 1
    state.epoch += 1
    state.spent[0] += DRAW_UNITS
    state.units += DRAW_UNITS


def _meets(state: Partitions, order: int, tried: int) -> bool:
    """Whether a transaction meets another on its item: by a hash, as often as the model says."""
    on_an_item = state.rate * state.sale.held_ms / (1000 * state.sale.shards)
    return crc32(f"meets {order} {tried}".encode()) / 2**32 < 1 - exp(-on_an_item)
