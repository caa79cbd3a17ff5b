"""Codes of a batch prove themselves: forged, mistyped and used ones are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.coupons.rules import codes
from chalicelib.coupons.rules.codes import MOST_CODES, NUMBERS, SYMBOLS, Code

pytestmark = pytest.mark.pure
CODES = st.builds(Code, st.integers(0, NUMBERS - 1), st.integers(0, MOST_CODES - 1))


def mac(batch: int, serial: int) -> bytes:
    return (batch * 7_919 + serial * 104_729 + 5).to_bytes(8, "big")[::-1]


def other_mac(batch: int, serial: int) -> bytes:
    return mac(batch, serial + 1)


@given(CODES)
def test_a_code_is_read_as_it_was_written(code: Code) -> None:
    text = codes.written(code, mac)
    assert codes.is_typed_well(text)
    assert codes.read(text, mac) == code
    sloppy = text.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert codes.read(sloppy, mac) == code


@given(CODES, st.integers(0, 15), st.sampled_from(SYMBOLS))
def test_one_mistyped_symbol_is_found(code: Code, place: int, symbol: str) -> None:
    text = codes.plain(codes.written(code, mac))
    typed = text[:place] + symbol + text[place + 1 :]
    assert codes.is_typed_well(typed) == (typed == text)


@given(CODES)
def test_a_code_of_another_key_is_none_of_ours(code: Code) -> None:
    assert codes.read(codes.written(code, other_mac), mac) is None


@pytest.mark.parametrize("text", ["", "AAAA", "U" * 16, "0" * 15, "0" * 17, "积" * 16])
def test_what_has_no_form_of_a_code_is_none(text: str) -> None:
    assert not codes.is_typed_well(text)
