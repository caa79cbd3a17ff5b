"""Values in another shape: views of rules' values, facts of stored ones."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

S = TypeVar("S", bound=msgspec.Struct)


def shaped(shape: type[S], value: Any, **given: Any) -> S:
    """The value in a shape: each field that is not `given` is the value's own of that name.

    Raises AttributeError if the value lacks one, TypeError if the shape has no field that is given.
    """
    own = {name: getattr(value, name) for name in shape.__struct_fields__ if name not in given}
    return shape(**own, **given)
