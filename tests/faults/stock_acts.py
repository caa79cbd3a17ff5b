"""Acts of ops on the stock of the scene's SKU: more units, fewer, more shards, fewer."""

from __future__ import annotations

from typing import Any

from chalicelib.catalog.actions import settings, shards, stock
from chalicelib.catalog.queries.offers import find_head, get_offer
from chalicelib.catalog.rules.stock import Correction, Restock, SkuSettings
from chalicelib.catalog.tables.stock import RestockItem
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Stale
from tests.faults.payment_acts import audited, digest
from tests.faults.scene import Scene

# What is left of the scene's units, so that one order takes all of it.
FEW = 3


def restock(scene: Scene) -> Any:
    return _restock(scene, "restock", 5)


def take_away(scene: Scene) -> Any:
    return _restock(scene, "take away", -4)


def correct_up(scene: Scene) -> Any:
    return _correct(scene, "found", 2)


def correct_down(scene: Scene) -> Any:
    return _correct(scene, "lost", -2)


def raise_shards(scene: Scene) -> Any:
    return _have_shards(scene, 2)


def raise_too(scene: Scene) -> Any:
    """Somebody else does the same."""
    return _have_shards(scene, 2, "so too")


def raise_more(scene: Scene) -> Any:
    return _have_shards(scene, 3)


def lower_shards(scene: Scene) -> Any:
    return _have_shards(scene, 1)


def be_in_shards(scene: Scene) -> None:
    _have_shards(scene, 3)


def be_in_two(scene: Scene) -> None:
    _have_shards(scene, 2)


def be_few(scene: Scene) -> None:
    """Few units are left, in two shards."""
    left = get_offer(scene.sku).available
    _correct(scene, "few", FEW - left)
    _have_shards(scene, 2)


def _restock(scene: Scene, name: str, units: int) -> Any:
    record = _made(scene, RestockItem.key(scene.sku, scene.named(name)), name)
    change, act = Restock(quantity=units, reason="补货"), audited(scene, name)
    made, _ = stock.restock(scene.sku, change, record, act, clock.now())
    return made.id, made.quantity


def _correct(scene: Scene, name: str, units: int) -> Any:
    record = _made(scene, RestockItem.correction(scene.sku, scene.named(name)), name)
    change, act = Correction(quantity=units, reason="盘点"), audited(scene, name)
    made, _ = stock.correct(scene.sku, change, record, act, clock.now())
    return made.id, made.quantity


def _made(scene: Scene, record: RestockItem, name: str) -> RestockItem:
    record.id, record.made_by, record.made_of = scene.named(name), "mbr_ops", digest(scene, name)
    return record


def _have_shards(scene: Scene, number: int, who: str = "") -> Any:
    """Ops reads the SKU and changes it, until it has so many shards."""
    while True:
        head = find_head(scene.sku)
        assert head is not None
        if (head.shards or 1) == number:
            shards.spread(scene.sku)
            return number
        try:
            name, change = f"have {number} shards {who}", SkuSettings(shards=number)
            settings.change_settings(scene.sku, change, head.version, audited(scene, name))
        except Stale:
            continue
