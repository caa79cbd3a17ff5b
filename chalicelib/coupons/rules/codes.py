"""Codes of a batch: none is stored, each proves itself.

A code has 16 symbols: 4 of its batch's number, 4 of its serial, 7 of a MAC over both (35 bits), and
one that finds a mistyped symbol.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import NamedTuple

# Source: Crockford's base 32: no I, L, O, U.
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MOST_CODES = 1_000_000
NUMBERS = 32**4
_PLACE, _MAC = 4, 7
LENGTH = 2 * _PLACE + _MAC + 1
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})
_VALUES = {symbol: value for value, symbol in enumerate(SYMBOLS)}

# The keyed hash of a batch's number and a serial.
Mac = Callable[[int, int], bytes]


class Code(NamedTuple):
    batch: int
    serial: int


def written(code: Code, mac: Mac) -> str:
    """A code as it is handed out, in groups of four symbols."""
    body = _text(code.batch, _PLACE) + _text(code.serial, _PLACE) + _proof(code, mac)
    whole = body + _check(body)
    return "-".join(whole[start : start + 4] for start in range(0, LENGTH, 4))


def plain(text: str) -> str:
    """The symbols of a code as somebody typed it."""
    return text.upper().translate(_READ_AS)


def is_typed_well(text: str) -> bool:
    """Whether a code has the form of one, its last symbol among it."""
    typed = plain(text)
    if len(typed) != LENGTH or not _VALUES.keys() >= set(typed):
        return False
    return _check(typed[:-1]) == typed[-1]


def read(text: str, mac: Mac) -> Code | None:
    """The batch and the serial of a well typed code; None if its MAC is not ours."""
    typed = plain(text)
    code = Code(_number(typed[:_PLACE]), _number(typed[_PLACE : 2 * _PLACE]))
    proof = typed[2 * _PLACE : -1]
    return code if hmac.compare_digest(proof, _proof(code, mac)) else None


def _proof(code: Code, mac: Mac) -> str:
    value = int.from_bytes(mac(code.batch, code.serial)[:5], "big")
    return _text(value >> 5, _MAC)


def _text(value: int, length: int) -> str:
    made = ""
    for _ in range(length):
        value, rest = divmod(value, 32)
        made = SYMBOLS[rest] + made
    return made


def _number(text: str) -> int:
    value = 0
    for symbol in text:
        value = value * 32 + _VALUES[symbol]
    return value


def _check(body: str) -> str:
    """The symbol that makes a wrong one, and most swapped pairs, known.

    Source: the Luhn algorithm for any even number of symbols, "Luhn mod N".
    """
    total = 0
    for place, symbol in enumerate(reversed(body)):
        value = _VALUES[symbol] * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return SYMBOLS[-total % 32]
