"""Attributes of hot items in a short binary form; the text of earlier releases is read, too."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec
from pynamodb.attributes import Attribute
from pynamodb.constants import BINARY

from chalicelib.kernel.config import config

T = TypeVar("T")
FIRST_LAYOUT, PACKED_LAYOUT = 1, 2
# The first byte of zlib's form, which in MessagePack is the number 120: no rows begin with it.
_DEFLATED = b"\x78"


def writes_packed() -> bool:
    """Whether this stage stores the short form: not before every function of it can read that."""
    return config().stored_layout >= PACKED_LAYOUT


class PackedAttribute(Attribute[T], Generic[T]):
    """A value in rows of MessagePack, made by `pack` and read by `unpack`.

    `earlier` is the attribute of the first layout, which is read always and written while the
    stage's setting says so. Rows of `deflated_from` bytes or more are deflated, if that is shorter.
    """

    def __init__(
        self,
        pack: Callable[[T], Any],
        unpack: Callable[[Any], T],
        earlier: Attribute[T],
        *,
        deflated_from: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._pack, self._unpack, self._earlier = pack, unpack, earlier
        self._deflated_from = deflated_from

    @property
    def attr_type(self) -> str:  # type: ignore[override]
        return BINARY if writes_packed() else self._earlier.attr_type

    def get_value(self, value: dict[str, Any]) -> Any:
        if BINARY in value:
            return bytes(value[BINARY])
        return self._earlier.get_value(value)

    def serialize(self, value: T) -> Any:
        if writes_packed():
            return self._shortest(msgspec.msgpack.encode(self._pack(value)))
        return self._earlier.serialize(value)

    def deserialize(self, value: Any) -> T:
        if isinstance(value, bytes):
            rows = zlib.decompress(value) if value[:1] == _DEFLATED else value
            return self._unpack(msgspec.msgpack.decode(rows))
        earlier: T = self._earlier.deserialize(value)
        return earlier

    def _shortest(self, rows: bytes) -> bytes:
        if self._deflated_from is None or len(rows) < self._deflated_from:
            return rows
        return min(rows, zlib.compress(rows, 9), key=len)
