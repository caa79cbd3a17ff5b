"""Attributes of items: integers and nothing else, texts out of a set, bytes, whole types."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Generic, TypeVar

import msgspec
from pynamodb.attributes import Attribute, UnicodeAttribute
from pynamodb.constants import BINARY, MAP, NUMBER, STRING

from chalicelib.kernel.store.newer import known_part

S = TypeVar("S")


class IntegerAttribute(Attribute[int]):
    """A DynamoDB number that is a Python int; PynamoDB's own would store 1.5.

    Raises TypeError for anything else, bool and float among them.
    """

    attr_type = NUMBER

    def serialize(self, value: Any) -> str:
        if type(value) is not int:
            raise TypeError(f"{self.attr_name} takes an int, not {value!r}")
        return str(value)

    def deserialize(self, value: str) -> int:
        return int(value)


class IntegerMapAttribute(Attribute[dict[int, int]]):
    """A DynamoDB map from integers to integers, such as lots: {expiry: points}."""

    attr_type = MAP

    def serialize(self, value: dict[int, int]) -> dict[str, dict[str, str]]:
        for pair in value.items():
            if any(type(number) is not int for number in pair):
                raise TypeError(f"{self.attr_name} takes ints, not {pair!r}")
        return {str(key): {"N": str(number)} for key, number in sorted(value.items())}

    def deserialize(self, value: dict[str, dict[str, str]]) -> dict[int, int]:
        return {int(key): int(number["N"]) for key, number in value.items()}


class ChoiceAttribute(UnicodeAttribute):
    """A text out of a closed set. Any other value makes the item unreadable."""

    def __init__(self, choices: Collection[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = frozenset(choices)

    def deserialize(self, value: str) -> str:
        if value not in self.choices:
            raise ValueError(f"no {self.attr_name}")
        return value


class BytesAttribute(Attribute[bytes]):
    """Bytes as DynamoDB's binary."""

    attr_type = BINARY

    def serialize(self, value: bytes) -> bytes:
        return value

    def deserialize(self, value: bytes) -> bytes:
        return bytes(value)


class StructAttribute(Attribute[S], Generic[S]):
    """A msgspec type kept as JSON text: read whole, written whole, never a key or a condition."""

    attr_type = STRING

    def __init__(self, struct: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.struct = struct
        self._decoder = msgspec.json.Decoder(struct)

    def serialize(self, value: S) -> str:
        return msgspec.json.encode(value).decode()

    def deserialize(self, value: str) -> S:
        try:
            decoded: S = self._decoder.decode(value)
        except msgspec.ValidationError:
            # A newer release may have stored more than the type takes.
            known = known_part(msgspec.json.decode(value), self.struct)
            decoded = self._decoder.decode(msgspec.json.encode(known))
        return decoded
