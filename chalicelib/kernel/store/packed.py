"""Attributes of hot items in a short binary form; the text of earlier releases is read, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec
from pynamodb.attributes import Attribute
from pynamodb.constants import BINARY

from chalicelib.kernel.config import config

T = TypeVar("T")
FIRST_LAYOUT, PACKED_LAYOUT = 1, 2


def writes_packed() -> bool:
    """Whether this stage stores the short form: not before every function of it can read that."""
    return config().stored_layout >= PACKED_LAYOUT


class PackedAttribute(Attribute[T], Generic[T]):
    """A value in rows of MessagePack, made by `pack` and read by `unpack`.

    `earlier` is the attribute of the first layout, which is read always and written while the
    stage's setting says so.
    """

    def __init__(
        self,
        pack: Callable[[T], Any],
        unpack: Callable[[Any], T],
        earlier: Attribute[T],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._pack, self._unpack, self._earlier = pack, unpack, earlier

    @property
    def attr_type(self) -> str:  # type: ignore[override]
        return BINARY if writes_packed() else self._earlier.attr_type

    def get_value(self, value: dict[str, Any]) -> Any:
        if BINARY in value:
            return bytes(value[BINARY])
        return self._earlier.get_value(value)

    def serialize(self, value: T) -> Any:
        if writes_packed():
            return msgspec.msgpack.encode(self._pack(value))
        return self._earlier.serialize(value)

    def deserialize(self, value: Any) -> T:
        if isinstance(value, bytes):
            return self._unpack(msgspec.msgpack.decode(value))
        earlier: T = self._earlier.deserialize(value)
        return earlier
