"""Errors of orders."""

from chalicelib.kernel.errors import Conflict, Words
from chalicelib.orders.errors.counter import BookingNotOver as BookingNotOver
from chalicelib.orders.errors.counter import NotThisStoresStaff as NotThisStoresStaff
from chalicelib.orders.errors.counter import RescheduleClosed as RescheduleClosed
from chalicelib.orders.errors.counter import SlotBookedAlready as SlotBookedAlready
from chalicelib.orders.errors.counter import SlotRequired as SlotRequired
from chalicelib.orders.errors.counter import TooManyWrongCodes as TooManyWrongCodes
from chalicelib.orders.errors.counter import VoucherExpired as VoucherExpired
from chalicelib.orders.errors.counter import VoucherOfAnotherStore as VoucherOfAnotherStore
from chalicelib.orders.errors.counter import VoucherUsed as VoucherUsed


class OrderExists(Conflict):
    """An order with this id was placed by an earlier try."""

    code = "order_exists"
    title = Words("订单已存在", "This order was placed before")


class LimitReached(Conflict):
    """The quantity exceeds the product's `limit` for an order or for a member."""

    code = "limit_reached"
    title = Words("超过限购数量", "Above the limit for this product")
    hint = Words("「{title}」限购 {limit} 件", "At most {limit} of “{title}” can be had")


TAKEN = Words(
    "「{title}」每人限购 {limit} 件，您已兑换 {taken} 件",
    "At most {limit} of “{title}” can be had; you have had {taken}",
)
IN_A_DAY = Words(
    "「{title}」每人每天限购 {limit} 件", "At most {limit} of “{title}” can be had in a day"
)
TAKEN_TODAY = Words(
    "「{title}」每人每天限购 {limit} 件，您今天已兑换 {taken} 件，请明天再来",
    "At most {limit} of “{title}” can be had in a day; you have had {taken} today: come back "
    "tomorrow",
)
IN_A_MONTH = Words(
    "「{title}」每人每月限购 {limit} 件", "At most {limit} of “{title}” can be had in a month"
)
TAKEN_THIS_MONTH = Words(
    "「{title}」每人每月限购 {limit} 件，您本月已兑换 {taken} 件，请下月再来",
    "At most {limit} of “{title}” can be had in a month; you have had {taken} this month: come "
    "back next month",
)
ONE_ORDER = Words(
    "「{title}」每单限购 {limit} 件，可分多单兑换",
    "At most {limit} of “{title}” can be had in one order: order in parts",
)


class PriceChanged(Conflict):
    """The price differs from the expected one. `points` and `cash` (minor units) are today's."""

    code = "price_changed"
    title = Words("价格已变动", "The price has changed")
    hint = Words("当前价格：{price}", "It takes {price}")


class CashBelowMinimum(Conflict):
    """The cash is below the `minimum` (minor units) that can be charged. `points_options`
    ({points, cash}) are the nearest prices that the member can pay."""

    code = "cash_below_minimum"
    title = Words("现金部分低于最低支付金额", "The cash part is below the minimum")
    hint = Words("现金最低支付 {minimum}：{way}", "At least {minimum} can be charged: {way}")
    money = frozenset({"minimum", "cash"})


class CashAboveMaximum(Conflict):
    """The cash is above the `maximum` (minor units) of one charge. `points_options`
    ({points, cash}) are the nearest prices that the member can pay."""

    code = "cash_above_maximum"
    title = Words("现金部分超出单笔支付上限", "The cash part is above the maximum")
    hint = Words("单笔最多支付 {maximum}：{way}", "At most {maximum} can be charged at once: {way}")
    money = frozenset({"maximum", "cash"})


class UnpaidOrdersLimitReached(Conflict):
    """The member has `at_most` orders that await their payment: pay or cancel one of them."""

    code = "unpaid_orders_limit_reached"
    title = Words("待支付订单过多", "Too many orders await their payment")
    hint = Words(
        "您已有 {at_most} 个待支付订单，请先支付或取消其中一个",
        "{at_most} of your orders await their payment: pay or cancel one of them first",
    )


class OrderDisputed(Conflict):
    """The bank of the payer has taken the cash back, or asks about it. No act is possible until the
    bank decides; none ever if the mall loses the dispute."""

    code = "order_disputed"
    title = Words("订单支付存在争议", "The payment of this order is disputed")
    hint = Words(
        "银行正在处理，有结果后才能继续", "The bank decides first: nothing can be done until then"
    )


DISPUTE_LOST = Words(
    "付款银行已将款项退回付款人，此订单不能再操作，如有疑问请联系客服",
    "The bank has given the cash back to the payer: nothing more can be done with this order. "
    "Customer service answers questions",
)


class RefundExceedsOrder(Conflict):
    """The refund exceeds the units left in the order: `refundable` units of `sku`."""

    code = "refund_exceeds_order"
    title = Words("退款超过可退数量", "The refund is more than is left of the order")
    hint = Words(
        "「{title}」还可退 {refundable} 件", "{refundable} of “{title}” can be given back for"
    )


NOT_IN_ORDER = Words("订单中没有 SKU {sku}", "This order holds no SKU {sku}")


class StockAgrees(Conflict):
    """The stock of `sku` needs no repair: it agrees with its free codes."""

    code = "stock_agrees"
    title = Words("库存与卡券码一致，无需修复", "The stock agrees with its codes")


class StockMoves(Conflict):
    """The stock of `sku` changed each time it was counted: try again, or take it off sale first."""

    code = "stock_moves"
    title = Words(
        "库存正在变动，请稍后重试或先下架商品",
        "The stock changes while it is counted: try again, or take the product off sale first",
    )


class CodesMissing(Conflict):
    """Orders wait for `missing` more codes of `sku` than the pool has; nothing is on sale."""

    code = "codes_missing"
    title = Words("卡券码不足，请先导入", "More codes were sold than there are: import them first")
    hint = Words("{sku} 缺少 {missing} 个卡券码", "{missing} codes of {sku} are missing")


class AddressRequired(Conflict):
    """Physical goods need one of the member's addresses, or a default one."""

    code = "address_required"
    title = Words("请选择收货地址", "A delivery address is required")
    hint = Words("请选择或添加一个收货地址", "Choose one of your addresses, or add one first")


class NotDeliveredThere(Conflict):
    """No carrier brings these goods to the address; `delivers_to` are the provinces that it could
    be in, none if no province has all of the goods."""

    code = "not_delivered_there"
    title = Words("该地区暂不配送", "Not delivered to this address")
    hint = Words("商品暂不配送至{province}", "These goods are not delivered to {province}")


class OrderTooLarge(Conflict):
    """The lines have more limits than one order can count."""

    code = "order_too_large"
    title = Words("商品过多，请分单兑换", "Too much for one order")
    hint = Words("限购商品过多，请分成多单兑换", "Too many limited goods: order in parts")


class CartFull(Conflict):
    """A cart holds `at_most` lines."""

    code = "cart_full"
    title = Words("购物车已满", "The cart is full")
    hint = Words("购物车最多放 {at_most} 种商品", "A cart holds {at_most} lines at most")


class MixedKinds(Conflict):
    """An order holds goods of one kind: physical, virtual or service."""

    code = "mixed_kinds"
    title = Words("不同类型的商品请分开下单", "Order goods of one kind at a time")
    hint = Words(
        "实物、卡券与服务须分别下单", "Goods that are sent, codes and services are ordered apart"
    )
