"""The sheet of orders: one row for each, as it was at the day's end."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from chalicelib.finance.queries.sold import find_sold_orders
from chalicelib.finance.rules.lines import Good
from chalicelib.kernel import clock, ids
from chalicelib.orders.rules import Order, OrderLine, Step
from chalicelib.orders.tables import OrderItem
from tests.finance.books import Mall, at
from tests.finance.sheets import local, read

CUP = Good("sku_cup", "=1+1 保温杯", "=1+1 cup", 2)
TEA = Good("sku_tea", "-5°C 冰茶", "-5°C tea", 1)
PLACED_MS = clock.to_ms(at(2, 8))
STATES = (
    (PLACED_MS, "awaiting_payment"),
    (clock.to_ms(at(2, 9)), "awaiting_review"),
    (clock.to_ms(at(3, 9)), "in_review"),
)


def test_an_order_has_one_row_with_its_goods_member_and_movements(mall: Mall) -> None:
    account = mall.account(1_000, at(1))
    member = account.partition(":")[0]
    told = {"member": member, "goods": (CUP, TEA), "method": "alipay", "placed_at_ms": PLACED_MS}
    order_id = mall.order(800, 1_980, 4_100, **told, states=STATES)
    mall.redeem(account, order_id, at(2, 9))
    mall.charge("ch_1", order_id, 1_980, 60, at(2, 9))
    mall.refund("re_1", order_id, 500, at(2, 20))
    mall.settle(at(3, 0, 30))
    [line] = read(mall).lines("订单")
    assert line == {
        "本日首笔时间": local(9),
        "下单时间": local(8),
        "订单号": order_id,
        "会员号": member,
        "商品 × 数量": "=1+1 保温杯 × 2\n-5°C 冰茶 × 1",
        "支付方式": "支付宝",
        "日终状态": "待审核",
        "使用积分": -800,
        "退回积分": 0,
        "收款（元）": 19.80,
        "退款（元）": -5,
        "商品成本（元）": -41,
        "积分承担的成本（元）": -21.20,
        "成本已知的积分": -800,
        "订单总积分": -800,
        "订单总现金（元）": 19.80,
        "SKU": "sku_cup\nsku_tea",
    }
    assert [f for f in read(mall).formulas() if f[0] == "订单" and "SUBTOTAL" not in f[2]] == []


def test_points_spent_with_a_partner_have_a_row_without_goods(mall: Mall) -> None:
    account = mall.account(1_000, at(1))
    order_id = mall.order(300)
    mall.redeem(account, order_id, at(2))
    del mall.orders[order_id]
    mall.settle(at(3, 0, 30))
    [line] = read(mall).lines("订单")
    assert (line["会员号"], line["商品 × 数量"]) == (account.partition(":")[0], None)
    assert (line["支付方式"], line["使用积分"]) == ("积分", -300)


def test_a_later_state_of_an_order_does_not_change_a_settled_day(alone: Any) -> None:
    now_ms = clock.to_ms(at(2))
    line = OrderLine("sku_cup", "prd_1", "保温杯", "Cup", 2, 800, cash=1_980, cost=700)
    order = Order(
        ids.new_id("ord"),
        "mbr_1",
        "physical",
        "awaiting_review",
        1,
        (line,),
        800,
        now_ms,
        b"c",
        steps=(Step("awaiting_review", now_ms, "member"),),
        cash=1_980,
        currency="CNY",
        method="card",
    )
    OrderItem.of(order).save()
    before = find_sold_orders([order.id])[order.id]
    assert before.goods == (Good("sku_cup", "保温杯", "Cup", 2),)
    assert (before.member, before.placed_at_ms, before.method) == ("mbr_1", now_ms, "card")
    later = replace(
        order,
        status="rejected",
        lines=(replace_line(line, refunded=2),),
        version=2,
        steps=(*order.steps, Step("rejected", clock.to_ms(at(3)), "staff")),
    )
    OrderItem.of(later).save()
    after = find_sold_orders([order.id])[order.id]
    assert replace(after, states=before.states) == before
    end_ms = clock.to_ms(at(3, 0))
    assert after.state_at(end_ms) == before.state_at(end_ms) == "awaiting_review"


def replace_line(line: OrderLine, **changes: Any) -> OrderLine:
    from msgspec.structs import replace as changed

    return changed(line, **changes)
