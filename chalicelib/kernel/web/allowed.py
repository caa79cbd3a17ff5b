"""The fields and values that a request may hold at a path, so that a refusal can list them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from enum import Enum
from typing import Any

import msgspec
from msgspec import inspect

from chalicelib.kernel.errors import FieldError, Invalid, UnknownField, Words
from chalicelib.kernel.web import reading
from chalicelib.kernel.web.validation import field_at

# Enough for each list of ours, and an end for an answer.
_MOST = 60
# `.name`, `[0]`, `[...]`: how msgspec writes a path.
_STEP = re.compile(r"\.?([^.\[\]]+)|\[([0-9]+|\.\.\.)\]")


_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_NO_VALUE = ("Invalid enum value", "Invalid value")
_ANY_KEY = "[...]"


def refusal(said: str, path: str, kind: Any, sent: Any, named: str) -> Invalid | None:
    """msgspec's refusal of a field or a value that the type does not have, with those it has.

    `sent` is the request's content: JSON, or values by name; `named` is the path with the key of a
    map. None for any other refusal.
    """
    if found := _UNKNOWN.fullmatch(said):
        at = field_at(named, found[1])
        return UnknownField(FieldError(at, "unknown_field", _fields_in_words(kind, path, sent)))
    values = values_at(kind, path) if said.startswith(_NO_VALUE) else []
    if not values:
        return None
    if _told_last(path, sent) in _tags_at(kind, path):
        words = Words("重复给出", "is given more than once")
        return Invalid(FieldError(named, "duplicate", words))
    zh, en = "、".join(values), ", ".join(values)
    words = Words(f"须为 {zh} 之一", f"must be one of {en}")
    if len(values) == 1:
        words = Words(f"须为 {zh}", f"must be {en}")
    return Invalid(FieldError(named, "not_one_of", words))


def _fields_in_words(kind: Any, path: str, sent: Any) -> Words:
    names = fields_at(kind, path, _untyped(sent) if isinstance(sent, bytes) else sent)
    if not names:
        return Words("此处没有可用的字段", "is not a field of this request; it takes none")
    zh, en = "、".join(names), ", ".join(names)
    return Words(f"不是该请求的字段；可用：{zh}", f"is not a field of this request; it takes {en}")


def fields_at(kind: Any, path: str, sent: Any = None) -> list[str]:
    """The fields that the type takes at this path (`items[0]`), in the order of the type.

    `sent`, the request's untyped content, tells which type of several it is by its tag.
    """
    structs = [each for each in _types_at(kind, path) if isinstance(each, inspect.StructType)]
    at = _value_at(sent, path)
    meant = [each for each in structs if _is_tagged(each, at)] or structs
    names = [name for struct in meant for name in _names(struct)]
    return list(dict.fromkeys(names))[:_MOST]


def values_at(kind: Any, path: str) -> list[str]:
    """The values that the type takes at this path: those of an enumeration, or the tags."""
    found = list(_types_at(kind, path))
    values = [value for each in found for value in _values(each)]
    return list(dict.fromkeys(values or _tags_at(kind, path)))[:_MOST]


def _tags_at(kind: Any, path: str) -> list[str]:
    """The tags of the types of which this path is the tag's."""
    parent, _, name = path.rpartition(".")
    return [
        str(each.tag)
        for each in _types_at(kind, parent)
        if isinstance(each, inspect.StructType) and each.tag_field == name
    ]


def _told_last(path: str, sent: Any) -> Any:
    """The value at this path, the last one if it was given more than once."""
    return _value_at(_untyped(sent) if isinstance(sent, bytes) else sent, path)


def with_key(message: str, path: str, kind: Any, sent: Any) -> str:
    """The path with the key of the map's value that was refused: `specs.colour` for `specs[...]`.

    msgspec stops at the first value that it refuses: the shortest beginning of the map that is
    refused with the same message ends with it. Without a value that is found so, it is the map.
    """
    at, found, below = path.partition(_ANY_KEY)
    if not found or not isinstance(sent, bytes):
        return path
    value = reading.read(_untyped(sent), kind)
    held = _value_at(value, at)
    names = list(held) if isinstance(held, dict) else []

    def is_refused(count: int) -> bool:
        held.clear()
        held.update({name: whole[name] for name in names[:count]})
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            return str(error) == message
        return False

    whole = {name: held[name] for name in names}
    first = bisect_left(range(len(names) + 1), True, key=is_refused) if names else 0
    if not 0 < first <= len(names):
        return at + below
    return field_at(at, names[first - 1]) + below


def _types_at(kind: Any, path: str) -> Iterator[Any]:
    found = list(_plain(inspect.type_info(kind)))
    for step in _STEP.finditer(path):
        below = [_below(each, step[1]) for each in found]
        found = [plain for some in below for each in some for plain in _plain(each)]
    yield from found


def _plain(kind: Any) -> Iterator[Any]:
    """The types that one may be: without its limits, each of a union."""
    if isinstance(kind, inspect.Metadata):
        yield from _plain(kind.type)
    elif isinstance(kind, inspect.UnionType):
        for each in kind.types:
            yield from _plain(each)
    else:
        yield kind


def _below(kind: Any, name: str | None) -> list[Any]:
    """The types of a field, or, without a name, of an item of a list or a value of a map."""
    if isinstance(kind, inspect.StructType):
        return [field.type for field in kind.fields if field.encode_name == name]
    if isinstance(kind, inspect.DictType):
        return [kind.value_type]
    if name is not None:
        return []
    return [*getattr(kind, "item_types", ()), *filter(None, [getattr(kind, "item_type", None)])]


def _names(struct: inspect.StructType) -> Iterator[str]:
    if struct.tag_field is not None:
        yield struct.tag_field
    for field in struct.fields:
        yield field.encode_name


def _values(kind: Any) -> list[str]:
    if isinstance(kind, inspect.LiteralType):
        return [str(value) for value in kind.values]
    if isinstance(kind, inspect.EnumType):
        members: list[Enum] = list(kind.cls)
        return [str(member.value) for member in members]
    return []


def _is_tagged(struct: inspect.StructType, value: Any) -> bool:
    """Whether a value is of this one of several types, by its tag."""
    if struct.tag_field is None or not isinstance(value, dict):
        return False
    return value.get(struct.tag_field) == struct.tag


def _value_at(value: Any, path: str) -> Any:
    for name, position in _STEP.findall(path):
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and position.isdigit() and int(position) < len(value):
            value = value[int(position)]
        else:
            return None
    return value


def _untyped(content: bytes) -> Any:
    """The request's content, as far as it is JSON."""
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
