"""The scene of every use case: one member with every kind of balance, hold and lot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.ledger import Account, Cause, Credit
from chalicelib.orders.actions.placing import place_order
from chalicelib.orders.rules import Booking
from chalicelib.orders.rules.quoting import Request, Wanted
from tests.world import World

T = TypeVar("T")

HOLD_TIME = timedelta(minutes=30)
PENDING_TIME = timedelta(days=7)
ESCROW_TIME = timedelta(days=7)
SOON, LATE = timedelta(days=2), timedelta(days=400)
# The price of the service and the goods, the units of each, and the points of an order.
PRICE = {
    "points": 1000,
    "cash": {"amount": 1980, "currency": "CNY"},
    "cash_equivalent": {"amount": 9900, "currency": "CNY"},
    "min_points": 200,
}
STOCK, POINTS, VOUCHERS = 100, 700, 5


@dataclass(frozen=True)
class Scene:
    """A member with 900 points (100 of them lapse soon), 100 held, 50 pending, 40 in escrow, an
    order of 60; a friend with 300; a SKU of 30 points. A payer with 4,000 points, of which an
    order that awaits its cash holds 700; a service and goods for points and cash, vouchers and a
    session at a store for points. `key` is in all that is made at `set_at`."""

    key: str
    member: str
    friend: str
    identity: str
    sku: str
    payer: str
    service: str
    goods: str
    vouchers: str
    session: str
    set_at: datetime

    @property
    def account(self) -> str:
        return ledger.points_account(self.member)

    @property
    def friend_account(self) -> str:
        return ledger.points_account(self.friend)

    @property
    def purse(self) -> str:
        """The payer's account."""
        return ledger.points_account(self.payer)

    @property
    def unpaid(self) -> str:
        return f"ord_{self.named('unpaid')}"

    @property
    def hold_id(self) -> str:
        return f"shop-1:{self.key}"

    @property
    def order_id(self) -> str:
        return self.named("order")

    def named(self, name: str) -> str:
        """A unique name, the same for each call."""
        return f"{name}-{self.key}"


def epoch(later: timedelta) -> int:
    """A second on the program's clock."""
    return int((clock.now() + later).timestamp())


def cause(reference: str, content: str = "") -> Cause:
    return Cause(reference, "test", 0, content=ids.digest(content.encode()) if content else None)


def on_account(
    account_id: str, reference: str, add: Callable[[WriteSet, Account], object]
) -> ledger.Entry:
    """The entry of `add` under a reference, new or existing."""

    def write() -> ledger.Entry | None:
        writes = WriteSet()
        add(writes, ledger.find_account(account_id))
        writes.commit()
        return ledger.find_entry(account_id, reference)

    entry, _ = replay_outranks_refusal(write, lambda: ledger.find_entry(account_id, reference))
    assert entry is not None, reference
    return entry


def accrue(
    account_id: str, points: int, reference: str, later: timedelta, unlocks: timedelta | None = None
) -> ledger.Entry:
    unlocks_at = epoch(unlocks) if unlocks is not None else None
    credit = Credit(points, epoch(later), cause(reference), unlocks_at)
    return on_account(
        account_id, reference, lambda w, seen: ledger.accrue(w, seen, [credit], clock.now())
    )


def place(scene: Scene, name: str, quantity: int) -> str:
    """Place an order of some units; returns its id."""
    asked = Request(scene.member, [Wanted(scene.sku, quantity)])
    order_id = scene.named(name)
    order, _ = place_order(asked, order_id, ids.digest(str(quantity).encode()), clock.now())
    return order.id


def buy(scene: Scene, order_id: str, sku: str, quantity: int, method: str = "card") -> str:
    """Place an order of some units for 700 points and cash; returns its status."""
    booked = (
        Booking(clock.to_ms(clock.now() + timedelta(days=90))) if sku == scene.service else None
    )
    asked = Request(
        scene.payer, [Wanted(sku, quantity)], points=POINTS, booking=booked, method=method
    )
    content = ids.digest(f"{sku} {quantity} {method}".encode())
    order, _ = place_order(asked, order_id, content, clock.now())
    return order.status


def set_scene(world: World) -> Scene:
    """Build the scene with the real use cases."""
    limits = {"per_member": 50}
    scene = Scene(
        ids.new_id("key"),
        world.member(),
        world.member(),
        ids.new_id("claimant"),
        world.sku(points=30, stock=100, limits=limits),
        world.member(),
        world.sku(kind="service", stock=STOCK, price=PRICE, limits=limits),
        world.sku(stock=STOCK, price=PRICE, limits=limits),
        world.sku(kind="virtual", points=100, stock=VOUCHERS, limits=limits),
        world.sku(kind="service", points=30, stock=STOCK),
        clock.now(),
    )
    world.address(scene.member)
    world.address(scene.payer)
    accrue(scene.account, 800, scene.named("early"), LATE)
    accrue(scene.account, 300, scene.named("soon"), SOON)
    accrue(scene.account, 50, scene.named("pending"), LATE, PENDING_TIME)
    accrue(scene.friend_account, 300, scene.named("early"), LATE)
    now = clock.now()
    ledger.place_hold(scene.account, scene.hold_id, 100, epoch(HOLD_TIME), cause("", "100"), now)
    escrow = cause(ledger.transfer_reference(scene.named("escrow")), "40")
    ledger.transfer_to_escrow(scene.account, scene.identity, b"sealed", 40, escrow, now)
    place(scene, "order", 2)
    accrue(scene.purse, 3500, scene.named("purse"), LATE)
    accrue(scene.purse, 500, scene.named("small"), SOON)
    buy(scene, scene.unpaid, scene.service, 3)
    return scene
