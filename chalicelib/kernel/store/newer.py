"""Reads records of a newer release after a rollback, without the members unknown here."""

from __future__ import annotations

from typing import Any

from msgspec import inspect

_OBJECTS = inspect.StructType | inspect.DictType
_ARRAYS = inspect.ListType | inspect.VarTupleType | inspect.StructType


def known_part(content: Any, kind: Any) -> Any:
    """Decoded JSON without the members that the type does not know, deep down too.

    Bodies refuse such members, and some types are of bodies and of items alike.
    """
    return _known(content, inspect.type_info(kind))


def _known(content: Any, kind: inspect.Type) -> Any:
    if isinstance(kind, inspect.Metadata):
        return _known(content, kind.type)
    if isinstance(kind, inspect.UnionType):
        return _known(content, _meant(content, kind))
    if isinstance(content, dict):
        if isinstance(kind, inspect.StructType):
            fields = {field.encode_name: field.type for field in kind.fields}
            return {
                name: _known(inner, fields[name]) if name in fields else inner
                for name, inner in content.items()
                if name in fields or name == kind.tag_field
            }
        if isinstance(kind, inspect.DictType):
            return {name: _known(inner, kind.value_type) for name, inner in content.items()}
    if isinstance(content, list):
        return [
            _known(inner, each) for inner, each in zip(content, _items(content, kind), strict=True)
        ]
    return content


def _meant(content: Any, kind: inspect.UnionType) -> inspect.Type:
    """Of several types the one that such content is of; structs are told apart by their tags."""
    wanted: Any = _ARRAYS if isinstance(content, list) else _OBJECTS
    for each in kind.types:
        if isinstance(each, inspect.StructType) and each.tag_field and isinstance(content, dict):
            if content.get(each.tag_field) == each.tag:
                return each
        elif isinstance(each, wanted):
            return each  # type: ignore[no-any-return]
    return inspect.AnyType()


def _items(content: list[Any], kind: inspect.Type) -> list[inspect.Type]:
    if isinstance(kind, inspect.ListType | inspect.VarTupleType):
        return [kind.item_type] * len(content)
    if isinstance(kind, inspect.StructType) and kind.array_like:
        known = [field.type for field in kind.fields][: len(content)]
        return known + [inspect.AnyType()] * (len(content) - len(known))
    return [inspect.AnyType()] * len(content)
