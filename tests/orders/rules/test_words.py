"""Texts of an order's state and price."""

from __future__ import annotations

import pytest

from chalicelib.kernel.errors import Words
from chalicelib.orders.rules.choices import Pair
from chalicelib.orders.rules.words import STATES, not_allowed, price_words, status_words

pytestmark = pytest.mark.pure


def test_an_approved_service_is_used_and_approved_goods_are_shipped() -> None:
    assert status_words("service", "approved") == Words("待使用", "To be used")
    assert status_words("physical", "approved") == Words("待发货", "To be shipped")
    assert status_words("service", "completed") == STATES["completed"]


def test_a_refused_act_names_the_state_or_the_full_refund() -> None:
    refused = not_allowed("service", "approved")
    assert refused.facts == {"status": "approved"}
    assert "To be used" in refused.detail("en")
    assert "Refunded in full" in not_allowed("service", "approved", is_refunded=True).detail("en")


@pytest.mark.parametrize(
    ("pair", "zh", "en"),
    [
        (Pair(800, 1_980), "800 积分和 ¥19.80", "800 points and CNY 19.80"),
        (Pair(800, 0), "800 积分", "800 points"),
        (Pair(1, 0), "1 积分", "1 point"),
        (Pair(1, 5), "1 积分和 ¥0.05", "1 point and CNY 0.05"),
        (Pair(0, 5), "¥0.05", "CNY 0.05"),
        (Pair(0, 0), "0 积分", "0 points"),
    ],
)
def test_an_amount_of_0_is_not_mentioned(pair: Pair, zh: str, en: str) -> None:
    assert price_words(pair, "CNY") == Words(zh, en)
