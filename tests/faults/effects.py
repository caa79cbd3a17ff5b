"""The effect of a run, comparable by content."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from chalicelib.kernel.config import config
from tests.faults.savepoint import Changes, Image, Savepoint
from tests.faults.wire import Key

Effect = dict[str, Any]
# What tells where the units of shards are and how they came there, but not how many there are.
_WHEREABOUTS = {"available", "moved", "epoch", "sold_out"}
# Of the judging by a new ladder: who changed just before a crash is not counted.
_AT_LEAST = {"risen", "fallen"}
_SHARD, _UNITS = "SHARD#", "UNITS"
_SEEN_STOCK = re.compile(r'^\{"available":[0-9]+\}$')
_MACHINE_NS = re.compile(r"#[0-9]{19}#")


def effect_of(changes: Changes, start: Savepoint) -> Effect:
    """What became of each item that changed since the start; None of one that is gone.

    Of stock in several shards it tells the units in all: each try draws on other ones. Bytes are
    left out: hashes follow from the rest, and what is sealed differs each time. So is the machine's
    time in the order of acts, and the stock that the audit of a restock saw, for orders go on
    meanwhile.
    """
    told = _units_in_all(changes, start)
    return {
        f"{key.table} {key.pk} {key.sk}": _content(image) for key, image in sorted(told.items())
    }


def _units_in_all(changes: Changes, start: Savepoint) -> Changes:
    stock = {key for key in changes if key.table == config().table("catalog") and _is_shard(key)}
    several = {
        _sku(key) for key in stock if key.pk != _sku(key) or _has_shards(key, changes, start)
    }
    told: Changes = {key: changes[key] for key in changes if key not in stock}
    units: Counter[str] = Counter()
    for key in stock:
        before, after = start.before(key), changes[key]
        if _sku(key) not in several:
            told[key] = after
            continue
        units[_sku(key)] += _available(after) - _available(before)
        if _elsewhere(after) != _elsewhere(before):
            told[key] = _elsewhere(after)
    more = {Key(config().table("catalog"), sku, _UNITS): units[sku] for sku in units if units[sku]}
    return told | {key: {"units": {"N": str(number)}} for key, number in more.items()}


def _is_shard(key: Key) -> bool:
    return key.sk.startswith(_SHARD)


def _sku(key: Key) -> str:
    """The partition of the SKU's head."""
    return "#".join(key.pk.split("#")[:2])


def _has_shards(key: Key, changes: Changes, start: Savepoint) -> bool:
    return any("shards" in (image or {}) for image in (changes[key], start.before(key)))


def _available(image: Image | None) -> int:
    return int(image["available"]["N"]) if image else 0


def _elsewhere(image: Image | None) -> Image | None:
    """What a shard tells besides its units."""
    if image is None:
        return None
    return {name: image[name] for name in image if name not in _WHEREABOUTS}


def _content(image: Image | None) -> dict[str, Any] | None:
    if image is None:
        return None
    return {
        name: _timeless(value)
        for name, value in sorted(image.items())
        if "B" not in value and name not in _AT_LEAST
    }


def _timeless(value: Any) -> Any:
    if "S" not in value:
        return value
    return {"S": _MACHINE_NS.sub("#", _SEEN_STOCK.sub("as seen", value["S"]))}


def difference(wanted: Effect, found: Effect) -> str:
    """The differences from the wanted effect, for a reader."""
    lines = [
        f"{place}: wanted {_shown(wanted, place)}, found {_shown(found, place)}"
        for place in sorted(wanted.keys() | found.keys())
        if wanted.get(place, ...) != found.get(place, ...)
    ]
    return "; ".join(lines)


def _shown(effect: Effect, place: str) -> str:
    if place not in effect:
        return "no change"
    content = effect[place]
    if content is None:
        return "nothing there"
    return str({name: next(iter(value.values())) for name, value in content.items()})
