"""The effect of a run, comparable by content."""

from __future__ import annotations

import re
from typing import Any

from tests.faults.savepoint import Changes, Image

Effect = dict[str, Any]
_MACHINE_NS = re.compile(r"#[0-9]{19}#")


def effect_of(changes: Changes) -> Effect:
    """What became of each item that changed; None of one that is gone.

    Bytes are left out: hashes follow from the rest, and what is sealed differs each time. So is the
    machine's time in the order of acts.
    """
    return {
        f"{key.table} {key.pk} {key.sk}": _content(image) for key, image in sorted(changes.items())
    }


def _content(image: Image | None) -> dict[str, Any] | None:
    if image is None:
        return None
    return {name: _timeless(value) for name, value in sorted(image.items()) if "B" not in value}


def _timeless(value: Any) -> Any:
    return {"S": _MACHINE_NS.sub("#", value["S"])} if "S" in value else value


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
