"""The values that today's code reads where an item or a message leaves a field out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from chalicelib.kernel.store.tables import Item
from infra.cli import records
from tests.corpus import reading
from tests.corpus.releases import RELEASES, kept, messages
from tests.facts import fact_of

FILE = "defaults.txt"


class Field(NamedTuple):
    """A field of a value; `default` is what is read where nothing is stored."""

    name: str
    held: Any
    default: Any


def defaults_read() -> list[str]:
    """Each field that equals its default, or is empty, with its value: once for each release."""
    found = set()
    for release in RELEASES:
        for table, image in kept(release):
            kind: Any = records.kind_of(table, image)
            told = left_out(records.read(table, reading.raw(image)), kind.__name__)
            found |= {f"{release.name} {line}" for line in told}
        for fact in map(fact_of, messages(release)):
            found |= {f"{release.name} {line}" for line in left_out(fact.data, fact.type)}
    return sorted(found)


def left_out(value: Any, at: str) -> Iterator[str]:
    """`<at>.<field> <value as JSON>` for such fields, at any depth."""
    for name, held, default in _fields_of(value):
        if held == default or not held:
            yield f"{at}.{name} {msgspec.json.encode(held, enc_hook=str).decode()}"
        yield from left_out(held, f"{at}.{name}")
    if isinstance(value, dict):
        for each in value.values():
            yield from left_out(each, f"{at}{{}}")
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from left_out(each, f"{at}[]")


def _fields_of(value: Any) -> Iterator[Field]:
    if isinstance(value, Item):
        for name in value.get_attributes():
            yield Field(name, getattr(value, name), None)
    elif isinstance(value, msgspec.Struct):
        for each in msgspec.structs.fields(value):
            made = each.default_factory
            default = each.default if made is msgspec.NODEFAULT else made()
            yield Field(each.name, getattr(value, each.name), default)
