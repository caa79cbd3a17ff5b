"""The cart of the measurement of prices: what it is said to be."""

from __future__ import annotations

import pytest

from infra.bench import pricing
from infra.bench.pricing import Taken

pytestmark = pytest.mark.pure


def test_each_campaign_is_about_a_line_of_the_cart_and_many_apply() -> None:
    from chalicelib.campaigns.rules.sets import compile_campaigns

    campaigns = [pricing._campaign(each, pricing._scope(each)) for each in range(200)]
    about = compile_campaigns(campaigns).candidates(pricing._cart())
    assert len(about) == pricing.CAMPAIGNS


def test_the_table_tells_whether_a_bound_holds() -> None:
    told = pricing.of_pricing([Taken("a", 2.5, 4.0, 60, 3.0), Taken("b", 3.0, 3.0, 60, 3.0)])
    assert told.splitlines()[2:] == [
        "| a | 2.50 | 4.00 | 3 | yes | 60 |",
        "| b | 3.00 | 3.00 | 3 | no | 60 |",
    ]
