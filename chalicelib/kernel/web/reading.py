"""The reading of request bodies: each text takes the spelling of its kind before the check.

A type names the kind in the `extra` of its msgspec `Meta` (`kernel/texts.py`). A value that the
type does not know passes through; the check after it refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import cache
from typing import Any, cast

from msgspec import inspect

from chalicelib.kernel.texts import READ
from chalicelib.kernel.web.validation import field_at

# Spells a value in the one way; the same object if there is nothing to change.
Reader = Callable[[Any], Any]


class SpeltAlike(Exception):
    """Two names of a map are spelt alike, so that one of them would be lost."""

    def __init__(self, path: str) -> None:
        """Take the path of the second one."""
        super().__init__(path)
        self.path = path


def read(value: Any, kind: Any) -> Any:
    """A value of JSON with its texts as their kinds spell them; the same object if all are.

    Raises SpeltAlike.
    """
    reader = reader_of(kind)
    return reader(value) if reader else value


def reader_of(kind: Any) -> Reader | None:
    """How values of a type are read; None where it has no text that is spelt in a way."""
    return _of_type(cast(Hashable, kind))


@cache
def _of_type(kind: Any) -> Reader | None:
    return _reader(inspect.type_info(kind))


def _reader(info: Any) -> Reader | None:
    match info:
        case inspect.Metadata():
            own = (info.extra or {}).get(READ)
            return _of_text(own) if own else _reader(info.type)
        case inspect.UnionType():
            return _of_union(info)
        case inspect.ListType():
            each = _reader(info.item_type)
            return _of_list(each) if each else None
        case inspect.DictType():
            return _of_dict(_reader(info.key_type), _reader(info.value_type))
        case inspect.StructType():
            return _of_struct(info)
        case _:
            return None


def _of_text(spell: Callable[[str], str]) -> Reader:
    return lambda value: _kept(value, spell(value)) if isinstance(value, str) else value


def _of_list(each: Reader) -> Reader:
    def read_all(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return _kept(value, [_at(f"[{at}]", each, one) for at, one in enumerate(value)])

    return read_all


def _of_dict(name: Reader | None, each: Reader | None) -> Reader | None:
    if name is None and each is None:
        return None

    def read_all(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        made: dict[Any, Any] = {}
        for key, inner in value.items():
            spelt = name(key) if name else key
            if spelt in made:
                raise SpeltAlike(key)
            made[spelt] = _at(key, each, inner)
        return _kept(value, made)

    return read_all


# Structs whose reader is being made: one of them, found inside itself, is a tree.
_open: list[type] = []


def _of_struct(info: inspect.StructType) -> Reader | None:
    if info.cls in _open:
        return _of_tree(info)
    _open.append(info.cls)
    try:
        found = {field.encode_name: _reader(field.type) for field in info.fields}
    finally:
        _open.pop()
    readers = {name: reader for name, reader in found.items() if reader}
    if not readers:
        return None

    def read_fields(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return _kept(value, {k: _at(k, readers.get(k), v) for k, v in value.items()})

    return read_fields


def _of_tree(info: inspect.StructType) -> Reader | None:
    """The reader of a struct inside itself: that of the whole, once it is made."""
    if not any(_is_spelt(one) for one in _types_in(info)):
        return None
    return lambda value: read(value, info.cls)


def _is_spelt(info: Any) -> bool:
    return isinstance(info, inspect.Metadata) and READ in (info.extra or {})


def _types_in(info: Any) -> Iterator[Any]:
    """Every type that a type is made of, each once."""
    waiting, seen = [info], set[int]()
    while waiting:
        found = waiting.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        waiting += [field.type for field in getattr(found, "fields", ())]
        waiting += [
            getattr(found, name)
            for name in ("type", "item_type", "key_type", "value_type")
            if hasattr(found, name)
        ]
        waiting += [*getattr(found, "types", ()), *getattr(found, "item_types", ())]


def _at(name: str, reader: Reader | None, value: Any) -> Any:
    """A value read by its reader, at its name.

    Raises SpeltAlike with the path from here.
    """
    try:
        return reader(value) if reader else value
    except SpeltAlike as alike:
        below = alike.path
        path = f"{name}{below}" if below.startswith("[") else field_at(name, below)
        raise SpeltAlike(path) from alike


def _of_union(info: inspect.UnionType) -> Reader | None:
    """Of tagged structs the one that the tag names; of other types the one that fits."""
    tagged = dict(_tagged(info))
    plain = [_reader(one) for one in info.types if _tag(one) is None]
    others = [reader for reader in plain if reader]
    if not others and not any(reader for _, reader in tagged.values()):
        return None

    def read_one(value: Any) -> Any:
        for field, (tag, reader) in ((f, pair) for (f, _), pair in tagged.items()):
            if isinstance(value, dict) and reader and value.get(field) == tag:
                return reader(value)
        for reader in others:
            value = reader(value)
        return value

    return read_one


def _tagged(info: inspect.UnionType) -> Iterator[tuple[tuple[str, Any], tuple[Any, Reader | None]]]:
    for one in info.types:
        if (field := _tag(one)) is not None:
            tag = cast(inspect.StructType, one).tag
            yield (field, tag), (tag, _reader(one))


def _tag(info: inspect.Type) -> str | None:
    return info.tag_field if isinstance(info, inspect.StructType) else None


def _kept(old: Any, new: Any) -> Any:
    return old if new == old else new
