"""How long goods may be used, as the API shows it."""

from __future__ import annotations

import msgspec

from chalicelib.catalog.rules.validity import Validity
from chalicelib.kernel.clock import rfc3339


class ValidityView(msgspec.Struct):
    """How long what was redeemed may be used: `days` after the day of the redemption, or times."""

    days: int | None
    start: str | None = msgspec.field(name="from")
    until: str | None


def validity_view(validity: Validity | None) -> ValidityView | None:
    if validity is None:
        return None
    start, until = validity.start, validity.until
    return ValidityView(
        validity.days, rfc3339(start) if start else None, rfc3339(until) if until else None
    )
