"""Types as a later release might have them: each with a member more, deep down too."""

from __future__ import annotations

from functools import reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

NEW = "grown_later"


def grown(kind: Any, *, changed: bool = False, inside: tuple[type, ...] = ()) -> Any:
    """The type with an optional member more in each of its structs; `changed` gives each other
    defaults, too. A struct inside itself has the new member at its top alone."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind if kind in inside else _grown_struct(kind, changed, (*inside, kind))
    origin, inner = get_origin(kind), get_args(kind)
    if origin is None or origin is Literal:
        return kind
    if origin is Annotated:
        return Annotated[(grown(inner[0], changed=changed, inside=inside), *inner[1:])]
    made = tuple(
        each if each is ... else grown(each, changed=changed, inside=inside) for each in inner
    )
    return reduce(or_, made) if origin in (Union, UnionType) else origin[made]


def _grown_struct(
    kind: type[msgspec.Struct], changed: bool, inside: tuple[type, ...]
) -> type[msgspec.Struct]:
    fields: list[Any] = [(NEW, str | None, "new" if changed else None)]
    names = {}
    for each in msgspec.structs.fields(kind):
        names[each.name] = each.encode_name
        other = _default(each, changed)
        as_it_is: Any = (each.name, grown(each.type, changed=changed, inside=inside))
        fields.append(as_it_is if other is None else (*as_it_is, other))
    return msgspec.defstruct(
        kind.__name__, fields, bases=(kind,), kw_only=True, rename=names, module=kind.__module__
    )


def _default(each: Any, changed: bool) -> Any:
    if each.required:
        return None
    if changed and each.default is not msgspec.UNSET:
        return msgspec.field(default="another default")
    if each.default is msgspec.NODEFAULT:
        return msgspec.field(default_factory=each.default_factory)
    return msgspec.field(default=each.default)
