"""What is kept of a member's coupons, for an export of all that is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chalicelib.coupons.queries.coupons import all_of
from chalicelib.coupons.rules.words import said
from chalicelib.kernel.clock import rfc3339_ms


def export_of(member_id: str, language: str) -> dict[str, Iterable[Any]]:
    """A member's coupons."""
    return {
        "coupons": (
            {
                "id": each.id,
                "title": each.title_en if language == "en" else each.title_zh,
                "worth": said(each.terms, language).worth,
                "status": each.status,
                "source": each.source,
                "used_by": each.holder,
                "created_at": rfc3339_ms(each.created_at_ms),
                "valid_until": rfc3339_ms(each.valid_until_ms),
            }
            for each in all_of(member_id)
        )
    }
