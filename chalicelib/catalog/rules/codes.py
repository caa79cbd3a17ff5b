"""Codes of virtual goods: the input of an import, and its checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.catalog.errors import CodesAreForVirtualGoods
from chalicelib.catalog.rules.products import Kind
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.texts import VoucherCode


class CodesIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Codes for a virtual SKU, each handed out once."""

    codes: Annotated[list[VoucherCode], Meta(min_length=1, max_length=1000)]


def check_has_codes(kind: Kind) -> None:
    """Check that goods of this kind have codes.

    Raises CodesAreForVirtualGoods.
    """
    if kind != "virtual":
        raise CodesAreForVirtualGoods()


def check_distinct(codes: Sequence[str]) -> None:
    """Check that no code is given twice.

    Raises Invalid naming the first repeated one.
    """
    seen: set[str] = set()
    for number, code in enumerate(codes):
        if code in seen:
            words = Words("卡券码重复", "is given more than once")
            raise Invalid(FieldError(f"codes[{number}]", "duplicate", words))
        seen.add(code)
