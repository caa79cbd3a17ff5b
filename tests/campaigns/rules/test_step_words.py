"""Steps of a price, in both languages."""

from __future__ import annotations

import pytest

from chalicelib.campaigns.rules import steps
from chalicelib.campaigns.rules.step_words import REASONS, ahead_words, explained
from tests.campaigns.rules.carts import campaign, line, priced

pytestmark = pytest.mark.pure


def test_each_reason_has_its_words() -> None:
    codes = {
        value
        for name, value in vars(steps).items()
        if name.isupper() and isinstance(value, str) and name not in ("CAMPAIGN", "COUPON")
    }
    assert codes == set(REASONS)


def test_a_threshold_is_told_with_what_is_missing() -> None:
    effect = {"unit": "cash", "steps": [{"at_least": 30_000, "off": 5_000}]}
    (said,) = explained(
        priced([line("A", cash=29_900)], campaign("full_reduction", effect)).steps, "CNY"
    )
    assert said.zh == "活动：需满 ¥300.00，还差 ¥1.00"
    assert said.en == "Sale: takes CNY 300.00: CNY 1.00 more"


def test_the_next_step_is_told_with_what_it_takes_off() -> None:
    effect = {"unit": "cash", "steps": [{"at_least": 30_000, "off": 5_000}]}
    (step,) = priced([line("A", cash=28_000)], campaign("full_reduction", effect)).steps
    assert step.outcome.ahead is not None
    said = ahead_words(step.outcome.ahead, "CNY")
    assert said.zh == "再加购 ¥20.00的商品，可多减 ¥50.00"
    assert said.en == "Add goods of CNY 20.00 more and get CNY 50.00 off"


def test_what_stands_in_the_way_is_told_by_its_title() -> None:
    first = campaign(
        "price", {"percent_off": 50}, id="cam_1", title={"zh-CN": "半价", "en": "Half"}
    )
    second = campaign("price", {"percent_off": 10}, id="cam_2")
    told = explained(priced([line("A", 100)], first, second).steps, "CNY")
    assert [each.zh for each in told] == ["半价：已享受", "活动：“半价”的价格更低"]
    assert told[1].en == "Sale: “Half” has a lower price"
