"""A refused price names the nearest payable ones; each is accepted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.catalog import Offer
from chalicelib.catalog.rules.products import Localized
from chalicelib.kernel.errors import Invalid, JifenError
from chalicelib.ledger import InsufficientPoints
from chalicelib.orders.errors import CashAboveMaximum, CashBelowMinimum
from chalicelib.orders.rules import quoting
from chalicelib.orders.rules.pricing import Terms, cash_of, least_of, most_of, of_units
from chalicelib.orders.rules.quoting import Quote, Request, Wanted, insufficient, priced
from tests.api import Api, new_key, token
from tests.settings import changed
from tests.world import World

DEAD_END = (of_units(1, 1000, 970, 0, 9700),)
MINIMUM, MAXIMUM = 400, 3000


@st.composite
def lines(draw: st.DrawFn) -> tuple[Terms, ...]:
    def line() -> Terms:
        points = draw(st.integers(1, 40))
        equivalent = draw(st.none() | st.integers(0, 2500))
        least = points if equivalent is None else draw(st.integers(0, points))
        fixed = draw(st.sampled_from([0, 0, 0, 100, 400, 1500]))
        return of_units(draw(st.integers(1, 2)), points, least, fixed, equivalent)

    return tuple(line() for _ in range(draw(st.integers(1, 2))))


@pytest.fixture(scope="module", autouse=True)
def limits() -> Iterator[None]:
    """A stage that charges between 4.00 and 30.00."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            quoting, "config", lambda: changed(cash_minimum=MINIMUM, cash_maximum=MAXIMUM)
        )
        yield


def offers(terms: Sequence[Terms], kind: str = "virtual") -> list[Offer]:
    return [
        Offer(
            sku=f"SKU-{number}",
            product_id=f"prd_{number}",
            kind=kind,  # type: ignore[arg-type]
            title=Localized("保温杯", "Cup"),
            points=line.points // line.quantity,
            least_points=line.least // line.quantity,
            cash=line.cash // line.quantity,
            cash_equivalent=line.equivalent and line.equivalent // line.quantity,
            cost=None,
            per_member=None,
            per_order=None,
            status="on_sale",
            on_sale_from_ms=None,
            on_sale_until_ms=None,
            terms_version=1,
            available=99,
            specs={},
        )
        for number, line in enumerate(terms)
    ]


def price(
    terms: Sequence[Terms], available: int, points: int | None = None, method: str | None = None
) -> Quote:
    """Price as placing does: refuse missing points."""
    items = [Wanted(f"SKU-{number}", line.quantity) for number, line in enumerate(terms)]
    made = priced(Request("mbr_1", items, points, method=method), offers(terms), available)
    if made.missing_points:
        raise insufficient(made, made.missing_points)
    return made


def payable(terms: Sequence[Terms]) -> list[int]:
    """All points that may be paid, by trying each."""
    every = range(least_of(terms), most_of(terms) + 1)
    return [p for p in every if (cash := cash_of(terms, p)) == 0 or MINIMUM <= cash <= MAXIMUM]


def check_options(
    refusal: JifenError, terms: Sequence[Terms], available: int, asked: int | None
) -> None:
    """Assert that each option is accepted, and that no nearer one is missing."""
    ways = [(way["points"], way["cash"].amount) for way in refusal.facts["points_options"]]
    for points, cash in ways:
        made = price(terms, available, points)
        assert (made.points, made.cash, made.missing_points) == (points, cash, 0)
    if asked is not None:
        within = [p for p in payable(terms) if p <= available]
        nearest = {
            max((p for p in within if p <= asked), default=None),
            min((p for p in within if p >= asked), default=None),
        } - {None}
        assert [points for points, _ in ways] == sorted(p for p in nearest if p is not None)


@given(lines(), st.integers(0, 90), st.none() | st.integers(0, 90))
@example(DEAD_END, 980, None)
@example(DEAD_END, 980, 980)
@example(DEAD_END, 1000, 985)
@example((of_units(1, 10, 10, 100, None),), 50, None)
def test_each_price_that_a_refusal_offers_is_accepted(
    terms: tuple[Terms, ...], available: int, asked: int | None
) -> None:
    if asked is not None:
        asked = max(least_of(terms), min(asked, most_of(terms)))
    permitted = payable(terms)
    try:
        made = price(terms, available, asked)
    except InsufficientPoints as refusal:
        missing, needed = refusal.facts["missing_points"], refusal.facts["needed"]
        assert needed["points"] == available + missing
        # Exactly so many are missing: with one fewer it is refused, with them it is not.
        again = asked if asked in permitted else needed["points"]
        assert price(terms, available + missing, again).points == needed["points"]
        with pytest.raises(JifenError):
            price(terms, available + missing - 1, again)
        if asked is None or asked not in permitted:
            assert not [p for p in permitted if p <= available]
            assert needed["points"] == min(permitted)
        check_options(refusal, terms, available, asked)
    except (CashBelowMinimum, CashAboveMaximum) as refusal:
        assert asked is None or asked not in permitted
        assert refusal.facts["points_options"] or not permitted  # noqa: PT017 - each has its claim
        check_options(refusal, terms, available, asked)
    else:
        assert made.points in permitted
        assert made.points <= available
        if asked is None:
            assert made.points == max(p for p in permitted if p <= available)


@given(lines(), st.integers(0, 90))
def test_cash_on_delivery_may_be_any_amount(terms: tuple[Terms, ...], available: int) -> None:
    least = least_of(terms)
    if available < least:
        with pytest.raises(InsufficientPoints) as refused:
            price(terms, available, method="cod")
        assert refused.value.facts["missing_points"] == least - available
    else:
        made = price(terms, available, method="cod")
        assert made.points == min(available, most_of(terms))


@pytest.mark.parametrize(
    ("terms", "available", "asked", "kind", "zh", "en"),
    [
        (DEAD_END, 980, None, "physical", "需要 1000 积分，还差 20 积分",
         "It takes 1000 points: 20 more than you have"),
        (DEAD_END, 980, 975, "physical", "需要 1000 积分，还差 20 积分",
         "It takes 1000 points: 20 more than you have"),
        (DEAD_END, 1000, 985, "physical", "现金最低支付 ¥4.00：可使用 1000 积分",
         "At least CNY 4.00 can be charged: pay 1000 points"),
        ((of_units(1, 100, 0, 0, 1000),), 100, 90, "virtual",
         "现金最低支付 ¥4.00：可使用 60 积分和 ¥4.00，或 100 积分",
         "At least CNY 4.00 can be charged: pay 60 points and CNY 4.00, or 100 points"),
        ((of_units(1, 100, 0, 0, 1000),), 50, 100, "virtual",
         "需要 100 积分，还差 50 积分；可使用 50 积分和 ¥5.00",
         "It takes 100 points: 50 more than you have; or pay 50 points and CNY 5.00"),
        ((of_units(1, 10, 10, 100, None),), 50, None, "physical",
         "现金最低支付 ¥4.00：可选择货到付款",
         "At least CNY 4.00 can be charged: pay on delivery instead"),
        ((of_units(1, 10, 10, 100, None),), 50, None, "service",
         "现金最低支付 ¥4.00：请增加数量，或与其他商品一起下单",
         "At least CNY 4.00 can be charged: order more of it, or other goods together with it"),
        ((of_units(2, 10, 10, 2000, None),), 20, None, "service",
         "单笔最多支付 ¥30.00：请拆分下单",
         "At most CNY 30.00 can be charged at once: order in parts"),
        ((of_units(1, 10, 10, 0, None),), 9, None, "service", "需要 10 积分，还差 1 积分",
         "It takes 10 points: 1 more than you have"),
    ],
)  # fmt: skip
def test_a_refusal_has_texts_for_members(
    terms: tuple[Terms, ...], available: int, asked: int | None, kind: str, zh: str, en: str
) -> None:
    items = [Wanted(f"SKU-{number}", line.quantity) for number, line in enumerate(terms)]
    try:
        made = priced(Request("mbr_1", items, asked), offers(terms, kind), available)
        refusal: JifenError = insufficient(made, made.missing_points)
    except JifenError as error:
        refusal = error
    assert (refusal.detail("zh-CN"), refusal.detail("en")) == (zh, en)


PRICE = {
    "points": 1000,
    "cash": None,
    "min_points": 970,
    "cash_equivalent": {"amount": 9700, "currency": "CNY"},
}


def ask(api: Api, path: str, member: str, body: Any) -> Any:
    headers = {"Accept-Language": "zh-CN"}
    key = None if path.endswith("quote") else new_key()
    return api.post(path, body, as_=token(member), key=key, headers=headers)


def test_without_a_payable_price_the_quote_has_a_shortfall_and_the_order_lacks_points(
    world: World,
) -> None:
    member, sku = world.member(points=980), world.sku(kind="virtual", price=PRICE)
    body = {"items": [{"sku": sku, "quantity": 1}]}
    quoted = ask(world.api, "/v1/orders/quote", member, body)
    assert (quoted.status, quoted.body["points"], quoted.body["cash"]["amount"]) == (200, 1000, 0)
    assert quoted.body["shortfall"]["points"] == 20
    assert quoted.body["shortfall"]["ways_to_earn"]
    for path in ("/v1/orders/quote", "/v1/orders"):
        for points in (None, 980) if path == "/v1/orders" else (980,):
            refused = ask(world.api, path, member, {**body, "points": points} if points else body)
            assert (refused.status, refused.body["code"]) == (409, "insufficient_points")
            assert refused.body["missing_points"] == 20
            assert refused.body["needed"] == {
                "points": 1000,
                "cash": {"amount": 0, "currency": "CNY"},
            }
            assert refused.body["points_options"] == []
            assert refused.body["ways_to_earn"]
            assert refused.body["detail"] == "需要 1000 积分，还差 20 积分"
    assert world.api.get("/v1/me/points", as_=token(member)).body["available"] == 980


def test_points_that_leave_too_little_cash_are_refused_with_the_nearest_payable_ones(
    world: World,
) -> None:
    member, sku = world.member(points=1000), world.sku(kind="virtual", price=PRICE)
    body = {"items": [{"sku": sku, "quantity": 1}]}
    refused = ask(world.api, "/v1/orders", member, {**body, "points": 980})
    assert (refused.status, refused.body["code"]) == (409, "cash_below_minimum")
    assert (refused.body["minimum"], refused.body["cash"]) == (400, 194)
    [way] = refused.body["points_options"]
    assert refused.body["detail"] == "现金最低支付 ¥4.00：可使用 1000 积分"
    placed = ask(world.api, "/v1/orders", member, {**body, "points": way["points"]})
    assert (placed.status, placed.body["points"]) == (201, 1000)
    outside = ask(world.api, "/v1/orders", member, {**body, "points": 5})
    assert outside.body["errors"][0]["message"] == "可使用 1000 积分"


def test_ranges_of_points_are_written_apart_in_both_languages() -> None:
    with pytest.raises(Invalid) as refused:
        price((of_units(2, 100, 0, 0, 1000),), 300, 201)
    (error,) = refused.value.fields
    assert tuple(error.message) == (
        "可使用 0 至 160，或 200 积分",
        "these goods take 0 to 160, or 200 points",
    )
