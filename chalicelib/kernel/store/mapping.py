"""Maps a value's fields to an item's attributes by their names, and back.

The attribute `x` holds the field `x`, `x_ms` or `x_s`: attributes do not tell their unit. The keys
of the table and of its indexes are made of several fields, so the caller gives them. Where a field
equals its default, an attribute that may be null is left out, and the default is read.
"""

from __future__ import annotations

from functools import cache
from inspect import getmembers
from typing import Any, NamedTuple

import msgspec
from pynamodb.indexes import Index
from pynamodb.models import Model

_UNITS = ("", "_ms", "_s")
# A field that has no default. No value equals it.
_NONE: Any = object()
Names = tuple[str, ...]


class Unmapped(TypeError):
    """A field or an attribute has no counterpart, and the caller does not give it either."""


class _Pair(NamedTuple):
    """`default` is what an attribute that is absent stands for; `_NONE` if it is never absent."""

    attribute: str
    field: str
    default: Any


def attributes_of(kind: type[Model], value: Any, beside: dict[str, Any]) -> dict[str, Any]:
    """The attributes of an item that holds a value, those given `beside` among them.

    Raises Unmapped, ValueError for None in place of another default.
    """
    value_type: Any = type(value)
    for attribute, field, default in _written(kind, value_type, tuple(beside)):
        held = getattr(value, field)
        if default is _NONE or held != default:
            if held is None and default is not None and default is not _NONE:
                raise ValueError(f"{kind.__name__} reads no {attribute} as {default!r}")
            beside[attribute] = held
    return beside


def fields_of(item: Model, kind: Any, given: dict[str, Any]) -> dict[str, Any]:
    """The fields of a value that an item holds, those `given` among them.

    Raises Unmapped.
    """
    values = item.attribute_values
    for attribute, field, default in _read(type(item), kind, tuple(given)):
        held = values.get(attribute)
        if held is not None or default is _NONE:
            given[field] = held
    return given


@cache
def _written(kind: type[Model], value: type[Any], beside: Names) -> tuple[_Pair, ...]:
    fields, keys, pairs = _fields(value), _keys(kind), []
    if unknown := set(beside) - kind.get_attributes().keys():
        raise Unmapped(f"{kind.__name__} has no attribute {min(unknown)}")
    for name, attribute in kind.get_attributes().items():
        if name in beside:
            continue
        field = None if name in keys else _field_of(name, fields)
        if field is not None:
            pairs.append(_Pair(name, field, fields[field] if attribute.null else _NONE))
        elif name not in ("pk", "sk") and not (attribute.null and name in keys):
            raise Unmapped(f"{value.__name__} has no field for {kind.__name__}.{name}")
    return tuple(pairs)


@cache
def _read(kind: type[Model], value: type[Any], given: Names) -> tuple[_Pair, ...]:
    fields = _fields(value)
    names = kind.get_attributes().keys() - _keys(kind)
    found = {field: name for name in names if (field := _field_of(name, fields))}
    if missing := fields.keys() - found.keys() - set(given):
        raise Unmapped(f"{kind.__name__} has no attribute for {value.__name__}.{min(missing)}")
    return tuple(
        _Pair(found[field], field, default)
        for field, default in fields.items()
        if field not in given
    )


def _field_of(attribute: str, fields: dict[str, Any]) -> str | None:
    """Raises Unmapped if several fields fit."""
    fitting = [attribute + unit for unit in _UNITS if attribute + unit in fields]
    if len(fitting) > 1:
        raise Unmapped(f"{attribute} may be {' or '.join(fitting)}")
    return fitting[0] if fitting else None


@cache
def _keys(kind: type[Model]) -> frozenset[str]:
    """The attributes that are keys of the table or of an index."""
    indexes = [each for _, each in getmembers(kind, lambda member: isinstance(member, Index))]
    return frozenset({"pk", "sk"}.union(*(each.Meta.attributes for each in indexes)))


def _fields(value: type[Any]) -> dict[str, Any]:
    """The fields of a msgspec type with their defaults."""
    names, defaults = value.__struct_fields__, value.__struct_defaults__
    absent = [msgspec.NODEFAULT] * (len(names) - len(defaults))
    return dict(zip(names, map(_default, [*absent, *defaults]), strict=True))


def _default(told: Any) -> Any:
    if told is msgspec.NODEFAULT:
        return _NONE
    # msgspec has no public name for what makes a default anew.
    return told.factory() if type(told).__name__ == "Factory" else told
