"""The text of a refusal has titles, states and money, and no ids; its facts are unchanged."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chalicelib.earning.errors import RefundExceedsPayment
from chalicelib.kernel import clock, money
from chalicelib.kernel.errors import JifenError
from chalicelib.ledger.rules import words as ledger_words
from chalicelib.payments.errors import PaymentExhausted
from chalicelib.withdrawals.errors import WithdrawalBelowMinimum
from chalicelib.withdrawals.rules.withdrawals import Limits, check_amount
from infra.docs.errors import error_kinds
from tests.api import Answer, new_key, token
from tests.conftest import Time
from tests.orders.cashier import Cashier
from tests.world import World

# Errors of the staff only, who name a thing by its code.
_STAFF_SAY = {
    "code_pool_empty": {"sku"},
    "codes_missing": {"sku"},
    "sku_exists": {"sku"},
    "not_collected": {"order_id"},
}
_IDS = {"sku", "product_id", "order_id", "invoice_id", "member_id", "status", "type", "unit"}


@pytest.mark.parametrize("kind", error_kinds(), ids=lambda kind: kind.__name__)
def test_no_hint_has_ids_codes_or_minor_units(kind: type[JifenError]) -> None:
    named = set(re.findall(r"{(\w+)}", kind.hint.en))
    assert not named & _IDS - _STAFF_SAY.get(kind.code, set())
    assert "minor unit" not in kind.hint.en
    assert "货币单位" not in kind.hint.zh


@pytest.mark.parametrize(
    ("amount", "currency", "zh", "en"),
    [
        (400, "CNY", "¥4.00", "CNY 4.00"),
        (0, "CNY", "¥0.00", "CNY 0.00"),
        (-5, "CNY", "-¥0.05", "CNY -0.05"),
        (123_456_789, "CNY", "¥1,234,567.89", "CNY 1,234,567.89"),
        (400, "JPY", "JPY 400", "JPY 400"),
        (1234, "KWD", "KWD 1.234", "KWD 1.234"),
        (99_999_999, "USD", "USD 999,999.99", "USD 999,999.99"),
    ],
)
def test_money_is_written_with_its_own_decimals(
    amount: int, currency: str, zh: str, en: str
) -> None:
    assert money.spoken(amount, currency, "zh-CN") == zh
    assert money.spoken(amount, currency, "en") == en


@pytest.mark.parametrize(
    ("refusal", "zh", "en"),
    [
        (WithdrawalBelowMinimum(at_least=1000), "每次最低提现 ¥10.00",
         "CNY 10.00 at least can be withdrawn at once"),
        (PaymentExhausted(left=1), "剩余可退 ¥0.01", "CNY 0.01 is left"),
        (RefundExceedsPayment(refundable=500, currency="JPY"), "最多可退 JPY 500",
         "JPY 500 at most can be taken back"),
        (ledger_words.insufficient("points", 20), "还差 20 积分", "20 points are missing"),
        (ledger_words.insufficient("rebate_cash", 1250), "返利余额还差 ¥12.50",
         "CNY 12.50 of rebate are missing"),
        (ledger_words.not_allowed("frozen"), "当前状态：已冻结", "The state is: Frozen"),
    ],
)  # fmt: skip
def test_an_amount_in_minor_units_is_shown_as_money(refusal: JifenError, zh: str, en: str) -> None:
    assert (refusal.detail("zh-CN"), refusal.detail("en")) == (zh, en)


@pytest.mark.parametrize(
    ("taken", "said"),
    [((40_000, 0), "今天还可提现 ¥100.00"), ((50_000, 0), "今天的提现额度已用完，请明天再试"),
     ((0, 495_000), "本月还可提现 ¥50.00"), ((0, 500_000), "本月的提现额度已用完，请下月再试"),
     ((40_000, 495_000), "本月还可提现 ¥50.00"), ((45_000, 490_000), "今天还可提现 ¥50.00"),
     ((49_500, 0), "今天的剩余额度低于最低提现金额，请明天再试"),
     ((40_000, 499_001), "本月的剩余额度低于最低提现金额，请下月再试"),
     ((50_000, 500_000), "本月的提现额度已用完，请下月再试")],
)  # fmt: skip
def test_a_limit_shows_its_rest_and_its_end(taken: tuple[int, int], said: str) -> None:
    with pytest.raises(JifenError) as refused:
        check_amount(20_000, *taken, Limits(at_least=1000, a_day=50_000, a_month=500_000))
    assert refused.value.detail("zh-CN") == said


def detail(answer: Answer) -> tuple[str, Any]:
    return answer.body["code"], answer.body["detail"]


def in_chinese(world: World, member: str, path: str, body: Any = None) -> Answer:
    zh = {"Accept-Language": "zh-CN"}
    return world.api.post(path, body, as_=token(member), key=new_key(), headers=zh)


def place(world: World, member: str, sku: str, quantity: int = 1, **other: Any) -> Answer:
    return in_chinese(
        world, member, "/v1/orders", {"items": [{"sku": sku, "quantity": quantity}], **other}
    )


def test_goods_are_named_by_their_titles(world: World) -> None:
    member = world.member(points=5000)
    few = world.sku(kind="virtual", stock=2)
    refused = place(world, member, few, 3)
    assert detail(refused) == ("out_of_stock", "「保温杯」仅剩 2 件")
    assert (refused.body["sku"], refused.body["available"]) == (few, 2)
    gone = world.sku(kind="service", stock=0)
    booking = {"at": "2099-01-01T00:00:00Z"}
    refused = place(world, member, gone, booking=booking)
    assert detail(refused) == ("out_of_stock", "「保温杯」已兑完")
    off = world.sku(kind="virtual", status="off_sale")
    assert detail(place(world, member, off)) == ("not_on_sale", "「保温杯」目前不可兑换")
    later = world.sku(kind="virtual", on_sale_from="2099-01-01T00:00:00Z")
    assert detail(place(world, member, later)) == (
        "not_on_sale",
        "「保温杯」2099-01-01 08:00 起可兑换",
    )
    english = world.api.post(
        "/v1/orders", {"items": [{"sku": off, "quantity": 1}]}, as_=token(member), key=new_key()
    )
    assert english.body["detail"] == "“Thermos cup” cannot be redeemed at present"


def test_a_limit_names_the_goods_and_a_way_around_it(world: World) -> None:
    member = world.member(points=5000)
    an_order = world.sku(kind="virtual", limits={"per_order": 1, "per_member": None})
    refused = place(world, member, an_order, 2)
    assert detail(refused) == ("limit_reached", "「保温杯」每单限购 1 件，可分多单兑换")
    assert refused.body["limit"] == 1
    assert refused.body["product_id"].startswith("prd_")
    a_member = world.sku(kind="virtual", limits={"per_order": 3, "per_member": 1})
    assert detail(place(world, member, a_member, 4))[1] == "「保温杯」限购 1 件"
    assert place(world, member, a_member).status == 201
    assert detail(place(world, member, a_member))[1] == "「保温杯」限购 1 件"
    for _ in range(2):
        assert place(world, member, an_order).status == 201


def test_a_changed_price_is_written_like_in_a_shop(world: World) -> None:
    member = world.member(points=5000)
    sku = world.sku(
        kind="virtual", price={"points": 800, "cash": {"amount": 1980, "currency": "CNY"}}
    )
    refused = place(world, member, sku, expected={"points": 700})
    assert detail(refused) == ("price_changed", "当前价格：800 积分和 ¥19.80")
    facts = {name: refused.body[name] for name in ("points", "cash", "currency")}
    assert facts == {"points": 800, "cash": 1980, "currency": "CNY"}
    alone = world.sku(kind="virtual", price={"points": 800})
    refused = place(world, member, alone, expected={"points": 700})
    assert detail(refused) == ("price_changed", "当前价格：800 积分")


def test_a_state_has_the_name_that_the_order_shows(cashier: Cashier) -> None:
    order = cashier.service()
    refused = in_chinese(cashier.world, cashier.member, f"/v1/orders/{order['id']}/confirm-receipt")
    assert detail(refused) == ("not_allowed_in_this_state", "当前状态：待付款")
    assert refused.body["current_status"] == "awaiting_payment"
    cashier.pay(order["id"])
    refused = in_chinese(cashier.world, cashier.member, f"/v1/orders/{order['id']}/cancel")
    assert detail(refused) == ("not_allowed_in_this_state", "当前状态：待使用")
    assert cashier.refund(order["id"], {"reason": "x"}).status == 201
    refused = in_chinese(cashier.world, cashier.member, f"/v1/orders/{order['id']}/cancel")
    assert detail(refused) == ("not_allowed_in_this_state", "当前状态：已全部退款")


def test_a_refund_of_too_many_units_names_the_goods_and_the_rest(cashier: Cashier) -> None:
    order = cashier.service(2)
    cashier.pay(order["id"])
    sku = order["lines"][0]["sku"]
    body = {"lines": [{"sku": sku, "quantity": 3}], "reason": "x"}
    refused = cashier.refund(order["id"], body)
    assert refused.body["detail"] == "2 of “Thermos cup” can be given back for"
    body = {"lines": [{"sku": "OTHER", "quantity": 1}], "reason": "x"}
    assert cashier.refund(order["id"], body).body["detail"] == "This order holds no SKU OTHER"


def test_a_parcel_of_too_many_units_names_the_units_left_to_ship(world: World) -> None:
    member, sku = world.member(points=500), world.sku()
    address = world.address(member)
    order = world.order(member, sku, 2, address_id=address).body["id"]
    for act in ("take", "approve"):
        path = f"/v1/admin/orders/{order}/{act}"
        assert world.api.post(path, as_=world.ops, key=new_key()).status == 200
    body = {"carrier": "SF", "tracking_number": "1", "lines": [{"sku": sku, "quantity": 3}]}
    refused = world.api.post(f"/v1/admin/orders/{order}/ship", body, as_=world.ops, key=new_key())
    assert refused.body["errors"][0]["message"] == "2 of “Thermos cup” are left to ship"


def test_a_gift_above_a_limit_names_the_limit(world: World) -> None:
    giver, other = world.member(points=90_000), world.member()
    path, body = "/v1/me/points/transfers", {"to": {"member_id": other}, "points": 60_000}
    refused = in_chinese(world, giver, path, body)
    assert detail(refused) == ("transfer_limit_reached", "每次最多转赠 50000 积分")
    assert refused.body["limit"] == "points_at_once"


def test_an_unfinished_day_is_named_on_the_programs_clock(world: World, time: Time) -> None:
    time.advance_to_noon()
    today = clock.program_day(clock.now())
    answer = world.api.get(f"/v1/admin/liability?day={today}", as_=token(world.member(), "finance"))
    assert answer.body["code"] == "day_not_over"
    assert answer.body["settles_at"].endswith("Z")
    assert re.search(r"settled from \d{4}-\d\d-\d\d \d\d:\d\d on", answer.body["detail"])
