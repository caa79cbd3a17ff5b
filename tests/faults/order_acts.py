"""Acts on an order of the scene's goods on delivery, from its review to its receipt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.orders.actions import acts, imports, notes, parcels, tracking
from chalicelib.orders.queries.imports import find_import, find_part
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules import COMPLETED, DELIVERED, Parcel
from chalicelib.orders.rules.imports import Import, Row
from chalicelib.orders.rules.notes import Note
from chalicelib.orders.rules.tracking import ParcelEvent
from tests.faults.payment_acts import act_as, act_on, audited, digest, goods
from tests.faults.scene import Scene, buy

NUMBER = "SF100200300"
UNCONFIRMED = timedelta(days=10, hours=1)


def be_ordered(scene: Scene) -> None:
    buy(scene, goods(scene), scene.goods, 2, "cod")


def be_taken(scene: Scene) -> None:
    be_ordered(scene)
    take(scene)


def be_approved(scene: Scene) -> None:
    be_taken(scene)
    approve(scene)


def be_half_shipped(scene: Scene) -> None:
    be_approved(scene)
    ship_one(scene)


def be_shipped(scene: Scene) -> None:
    be_approved(scene)
    ship(scene)


def take(scene: Scene) -> Any:
    return act_on(scene, goods(scene), "take", "staff")


def approve(scene: Scene) -> Any:
    return act_on(scene, goods(scene), "approve", "staff")


def reject(scene: Scene) -> Any:
    return act_on(scene, goods(scene), "reject", "staff")


def cancel(scene: Scene) -> Any:
    return act_on(scene, goods(scene), "cancel", "member")


def confirm(scene: Scene) -> Any:
    return act_on(scene, goods(scene), "confirm", "member")


def ship(scene: Scene) -> Any:
    return _ship(scene, "ship", {})


def ship_one(scene: Scene) -> Any:
    return _ship(scene, "ship one", {scene.goods: 1})


def ship_other(scene: Scene) -> Any:
    return _ship(scene, "ship other", {scene.goods: 1})


def _ship(scene: Scene, name: str, quantities: dict[str, int]) -> Any:
    act, parcel = act_as(scene, name, "staff"), Parcel("SF", NUMBER, quantities)
    order, _ = parcels.ship(goods(scene), act, parcel)
    return any(step.key == act.key for step in order.steps)


def hear(scene: Scene) -> Any:
    """The carrier tells that the parcel has arrived; whether the order has heard of it."""
    event = ParcelEvent("evt-1", "delivered", to_ms(clock.now()))
    tracking.receive(NUMBER, "SF", event, digest(scene, "event"), clock.now())
    return get_order(goods(scene)).status in (DELIVERED, COMPLETED)


def confirm_by_time(scene: Scene) -> Any:
    """The state after the sweep: a retry cannot know which run moved it."""
    acts.confirm_by_time(goods(scene), to_ms(clock.now()))
    return get_order(goods(scene)).status


def note(scene: Scene) -> Any:
    text = Note(scene.named("note"), "易碎", "mbr_ops", to_ms(clock.now()))
    return notes.add_note(goods(scene), text, audited(scene, "note"))[0].id


def be_listed(scene: Scene) -> None:
    """A file names the order's parcel."""
    be_approved(scene)
    now_ms, name = to_ms(clock.now()), scene.named("file")
    asked = Import(
        id=name,
        import_kind="parcels",
        made_by="mbr_ops",
        content=digest(scene, "file"),
        created_at_ms=now_ms,
        moved_at_ms=now_ms,
        rows=1,
        parts=1,
    )
    with patch.object(imports, "_ask_for"):
        imports.start_import(asked, [Row(2, goods(scene), "SF", NUMBER)], audited(scene, "file"))


def ship_listed(scene: Scene) -> Any:
    """Ship by the file, which then says that it is done."""
    imports.ship_part(scene.named("file"), 0)
    made, part = find_import(scene.named("file")), find_part(scene.named("file"), 0)
    assert made is not None
    assert part is not None
    return made.through, [result.outcome for result in part.results or ()]
