"""A flash sale by processes on an engine of their own, some of which are killed.

`python -m tests.faults.flash --shards 16 --units 60 --seconds 20`: buyers order two SKUs, cancel,
let orders time out and are rejected, while ops change the number of shards. Exits with 1 if a unit
is sold twice or lost, or if the last one cannot be sold once it is quiet.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest

# Before imports of modules that read their settings.
from tests.conftest import SECRETS  # isort: split

from chalicelib.catalog.queries.offers import find_offers
from chalicelib.kernel import clock, ids, secrets
from chalicelib.kernel.errors import JifenError
from chalicelib.orders.actions import acts, placing
from chalicelib.orders.queries.listing import find_orders
from chalicelib.orders.rules import OrderAct
from chalicelib.orders.rules.quoting import Request, Wanted
from chalicelib.orders.rules.stock import unsent
from chalicelib.orders.tables import ORDER, OrderItem, OrdersItem
from infra.local.engine import temporary_engine

PROCESSES = 3
CASH = {"points": 1, "cash": {"amount": 500, "currency": "CNY"}}
ENDS = {"awaiting_review": (("cancel",), ("take", "reject")), "awaiting_payment": (("time_out",),)}


def buy(member: str, wanted: list[Wanted], dice: random.Random) -> str:
    """An order, which may be undone at once; the outcome."""
    try:
        made, _ = placing.place_order(
            Request(member, wanted), ids.new_id("ord"), b"flash sale  ", clock.now()
        )
    except JifenError as refused:
        return refused.code
    if dice.random() < 0.4:
        for name in dice.choice(ENDS[made.status]):
            at_ms = clock.to_ms(clock.now())
            with suppress(JifenError):
                acts.act_on(made.id, OrderAct(name, "system", None, at_ms, "flash sale"))
    return "placed"


def work(members: list[str], skus: list[str], seconds: float, seed: int) -> None:
    """One process's buyers, one after the other."""
    dice, until = random.Random(seed), time.monotonic() + seconds
    while time.monotonic() < until:
        some = dice.sample(skus, dice.choice((1, 1, 2)))
        buy(dice.choice(members), [Wanted(sku, dice.choice((1, 1, 2))) for sku in some], dice)


class Sale:
    """A sale on the engine of this process: two SKUs, buyers, and the processes that serve them."""

    def __init__(self, shards: int, units: int) -> None:
        from tests.api import Api
        from tests.world import World

        self.world, self.units, self.dice = World(Api()), units, random.Random(shards)
        self.skus = [self._sku(shards, {"points": 1}), self._sku(shards, CASH)]
        self.members = [self.world.member(100_000) for _ in range(12)]
        for member in self.members:
            self.world.address(member)

    def _sku(self, shards: int, price: dict[str, Any]) -> str:
        sku = {"sku": f"S-{ids.new_id('x')[2:12]}", "stock": self.units, "shards": shards}
        made = self.world.product(price=price, skus=[sku])
        code: str = made["skus"][0]["sku"]
        return code

    def run(self, seconds: float) -> None:
        """Sell, kill a process now and then, and change the number of shards meanwhile."""
        until = time.monotonic() + seconds
        running = [self._start(seconds, seed) for seed in range(PROCESSES)]
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, seconds / 6))
            self._reshard()
            killed = running.pop(0)
            killed.kill()
            killed.wait()
            running.append(self._start(max(left - seconds / 6, 0.1), self.dice.randrange(10**6)))
        for process in running:
            process.wait()

    def _start(self, seconds: float, seed: int) -> subprocess.Popen[bytes]:
        told = [",".join(self.members), ",".join(self.skus), f"{seconds}", f"{seed}"]
        return subprocess.Popen([sys.executable, "-m", "tests.faults.flash", "--work", *told])

    def _reshard(self) -> None:
        sku = self.dice.choice(self.skus)
        version = self.world.api.get(f"/v1/admin/skus/{sku}", as_=self.world.ops).body["version"]
        self.world.api.patch(
            f"/v1/admin/skus/{sku}",
            {"shards": self.dice.choice((1, 2, 4, 16, 64))},
            as_=self.world.ops,
            headers={"If-Match": str(version)},
        )

    def kept(self) -> Counter[str]:
        """Units of orders that were not undone, by SKU."""
        keys = {item.pk for item in OrdersItem.scan(OrderItem.sk == ORDER)}
        kept: Counter[str] = Counter()
        for order in find_orders(keys, consistent=True).values():
            kept.update(unsent(order))
        return kept

    def problems(self) -> list[str]:
        """What is wrong once it is quiet, and after the last units were sold."""
        found = [*self._unbalanced("when it was quiet")]
        for sku in self.skus:
            for _ in range(2 * self.units):
                member = self.world.member(10)
                self.world.address(member)
                if buy(member, [Wanted(sku, 1)], random.Random(_NEVER)) != "placed":
                    break
            if left := find_offers([sku], consistent=True)[sku].available:
                found.append(f"{left} units of {sku} were not sold")
        return [*found, *self._unbalanced("when all was sold")]

    def _unbalanced(self, when: str) -> list[str]:
        kept, offers = self.kept(), find_offers(self.skus, consistent=True)
        found = []
        for sku in self.skus:
            left = offers[sku].left or {}
            if min(left.values()) < 0 or sum(left.values()) + kept[sku] != self.units:
                found.append(f"{when}, {sku} had {left} and orders {kept[sku]} of {self.units}")
        return found


# With this seed the first orders are not undone.
_NEVER = 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shards", type=int, default=16)
    parser.add_argument("--units", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--work", nargs=4)
    asked = parser.parse_args()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "_secret", SECRETS.__getitem__)
        if asked.work:
            members, skus, seconds, seed = asked.work
            work(members.split(","), skus.split(","), float(seconds), int(seed))
            return 0
        with temporary_engine() as endpoint:
            os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = endpoint
            sale = Sale(asked.shards, asked.units)
            sale.run(asked.seconds)
            problems = sale.problems()
    sys.stdout.write("\n".join([f"sold {2 * asked.units} units", *problems, ""]))
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
