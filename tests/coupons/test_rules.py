"""What a coupon may give."""

from __future__ import annotations

import pytest

from chalicelib.coupons.rules import terms

pytestmark = pytest.mark.pure


def test_the_kinds_of_coupons_are_those_of_the_contract() -> None:
    assert set(terms.KINDS) == {"amount_off", "percent_off", "points_off", "free_freight", "gift"}
