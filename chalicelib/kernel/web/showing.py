"""Views of values: fields of the same name are shown as they are, the others are given."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

V = TypeVar("V", bound=msgspec.Struct)


def shown_as(view: type[V], value: Any, **given: Any) -> V:
    """The view of a value: each field that is not `given` is the value's own of that name.

    Raises AttributeError if the value lacks one, TypeError if the view has no field that is given.
    """
    own = {name: getattr(value, name) for name in view.__struct_fields__ if name not in given}
    return view(**own, **given)
