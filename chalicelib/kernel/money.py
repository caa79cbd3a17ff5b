"""Money: an integer of minor units and its currency."""

from __future__ import annotations

from typing import Annotated

import msgspec

MAX_MINOR_UNITS = 10**12

Amount = Annotated[int, msgspec.Meta(ge=0, le=MAX_MINOR_UNITS)]
Currency = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$(?!\n)", max_length=3)]


class Money(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`{"amount": 1990, "currency": "CNY"}`: minor units, never a float."""

    amount: Amount
    currency: Currency
