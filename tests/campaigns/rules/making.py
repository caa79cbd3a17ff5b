"""Any carts, campaigns and coupons, for properties of the price engine."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from chalicelib.campaigns.rules.audiences import Buyer
from chalicelib.campaigns.rules.definitions import Campaign
from chalicelib.campaigns.rules.eligibility import Left
from chalicelib.campaigns.rules.lines import Line
from chalicelib.catalog import Freight
from chalicelib.coupons import Coupon
from tests.campaigns.rules.carts import campaign, coupon, line

SKUS = ("A", "B", "C", "D")
_CATEGORIES = ((), ("home",), ("cups", "home"), ("food",))
_COUNT, _POINTS, _CASH = st.integers(1, 3), st.integers(0, 900), st.integers(0, 9_999)


@st.composite
def carts(draw: st.DrawFn) -> list[Line]:
    """Lines of distinct SKUs; goods cost something."""
    made = []
    for sku in draw(st.lists(st.sampled_from(SKUS), min_size=1, unique=True)):
        points = draw(_POINTS)
        equivalent = draw(st.none() | st.integers(0, 9_999)) if points else None
        made.append(
            line(
                sku,
                points,
                quantity=draw(st.integers(1, 5)),
                least_points=draw(st.integers(0, points)) if equivalent is not None else points,
                cash=draw(_CASH) if points else draw(st.integers(1, 9_999)),
                equivalent=equivalent,
                categories=draw(st.sampled_from(_CATEGORIES)),
                brand=draw(st.none() | st.just("acme")),
            )
        )
    return made


_SKU_PRICES = st.lists(
    st.fixed_dictionaries(
        {"sku": st.sampled_from(SKUS)}, optional={"points": _POINTS, "cash": _CASH}
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda each: each["sku"],
)
_PRICES = st.one_of(
    st.fixed_dictionaries({"prices": _SKU_PRICES}, optional={"per_order": _COUNT}),
    st.fixed_dictionaries({"percent_off": st.integers(1, 100)}, optional={"per_order": _COUNT}),
)
_SETS = st.fixed_dictionaries(
    {
        "items": st.lists(
            st.fixed_dictionaries({"sku": st.sampled_from(SKUS), "quantity": _COUNT}),
            min_size=1,
            max_size=3,
            unique_by=lambda each: each["sku"],
        ),
        "points": _POINTS,
        "cash": _CASH,
    },
    optional={"per_order": _COUNT},
)
_STEPS = st.lists(
    st.fixed_dictionaries({"at_least": st.integers(1, 9_999), "off": st.integers(1, 9_999)}),
    min_size=1,
    max_size=3,
)
_REDUCTIONS = st.fixed_dictionaries(
    {"unit": st.sampled_from(["points", "cash"]), "steps": _STEPS, "repeats": st.booleans()},
    optional={"most_times": _COUNT},
)
_GIFTS = st.fixed_dictionaries({"buy": _COUNT, "give_sku": st.sampled_from(["A", "MUG"])})
_BACK = st.one_of(
    st.fixed_dictionaries({"percent": st.integers(1, 100)}, optional={"cap": _POINTS}),
    st.fixed_dictionaries({"points": st.integers(1, 900), "at_least": _POINTS}),
)
_FIRST = st.fixed_dictionaries({}, optional={"gift_sku": st.just("MUG"), "points": _POINTS})
_EFFECTS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "price": _PRICES,
    "flash_sale": _PRICES,
    "bundle": _SETS,
    "full_reduction": _REDUCTIONS,
    "buy_and_give": _GIFTS,
    "points_back": _BACK,
    "first_order": _FIRST,
    "multiplier": st.just({"percent": 200}),
}
SCOPES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({"all": True}),
    st.fixed_dictionaries({"skus": st.lists(st.sampled_from(SKUS), min_size=1, unique=True)}),
    st.just({"categories": ["home"]}),
    st.just({"all": True, "except": {"brands": ["acme"]}}),
)
_TERMS = st.fixed_dictionaries(
    {
        "scope": SCOPES,
        "priority": st.integers(0, 1),
        "with_coupons": st.booleans(),
        "exclusion_group": st.sampled_from([None, None, "one", "two"]),
        "holdout_percent": st.sampled_from([0, 0, 50]),
        "audience": st.sampled_from([{"all": True}, {"tiers": ["gold"]}, {"tiers": ["silver"]}]),
    }
)


@st.composite
def several_campaigns(draw: st.DrawFn, most: int = 6) -> list[Campaign]:
    """Campaigns of all kinds, with distinct ids."""
    kinds = draw(st.lists(st.sampled_from(sorted(_EFFECTS)), max_size=most))
    return [
        campaign(kind, draw(_EFFECTS[kind]), id=f"cam_{number}", **draw(_TERMS))
        for number, kind in enumerate(kinds)
    ]


@st.composite
def coupons(draw: st.DrawFn) -> Coupon:
    kind = draw(st.sampled_from(["amount_off", "percent_off", "points_off", "free_freight"]))
    terms: dict[str, Any] = {
        "scope": draw(SCOPES),
        "with_campaigns": draw(st.booleans()),
        "least_cash": draw(st.sampled_from([0, 0, 5_000])),
    }
    if kind == "percent_off":
        terms |= {"percent": draw(st.integers(1, 100)), "cap_cash": draw(st.none() | _CASH)}
    elif kind != "free_freight":
        terms["amount"] = draw(st.integers(1, 3_000))
    return coupon(kind, **terms)


BUYERS = st.builds(
    Buyer,
    member_id=st.sampled_from(["mbr_1", "mbr_2"]),
    tier=st.sampled_from([None, "gold"]),
    orders_before=st.sampled_from([None, 0, 3]),
)
_SOME = st.none() | st.integers(0, 5_000)
LEFT = st.dictionaries(
    st.sampled_from(["cam_0", "cam_1"]),
    st.builds(Left, _SOME, _SOME, st.none() | st.integers(0, 1), st.none() | st.integers(0, 1)),
)
FREIGHT = st.sampled_from([Freight(), Freight(0, 800), Freight(50, 0)])
