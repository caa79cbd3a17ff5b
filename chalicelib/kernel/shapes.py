"""Values in another shape: views of rules' values, facts of stored ones, values with changes."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from msgspec import UNSET

from chalicelib.kernel.clock import rfc3339_ms

S = TypeVar("S", bound=msgspec.Struct)


def shaped(shape: type[S], value: Any, **given: Any) -> S:
    """The value in a shape: each field that is not `given` is the value's own of that name.

    A time that the value has in milliseconds, such as `created_at_ms`, is told as `created_at`.

    Raises AttributeError if the value lacks one, TypeError if the shape has no field that is given.
    """
    own = {name: _own(value, name) for name in shape.__struct_fields__ if name not in given}
    return shape(**own, **given)


def merged(seen: S, given: dict[str, object]) -> S:
    """A value with the given fields replaced, nested values field by field, unset ones kept."""
    fields: dict[str, object] = {}
    for name, value in given.items():
        if value is UNSET:
            continue
        inner = getattr(seen, name)
        if isinstance(value, msgspec.Struct) and isinstance(inner, msgspec.Struct):
            fields[name] = merged(inner, msgspec.structs.asdict(value))
        else:
            fields[name] = value
    return msgspec.structs.replace(seen, **fields)


def next_version(seen: S, change: msgspec.Struct) -> S:
    """A value with a change merged into it, its `version` one higher."""
    after: Any = merged(seen, msgspec.structs.asdict(change))
    made: S = msgspec.structs.replace(after, version=after.version + 1)
    return made


def _own(value: Any, name: str) -> Any:
    if name.endswith("at") and hasattr(value, f"{name}_ms"):
        at_ms = getattr(value, f"{name}_ms")
        return None if at_ms is None else rfc3339_ms(at_ms)
    return getattr(value, name)
