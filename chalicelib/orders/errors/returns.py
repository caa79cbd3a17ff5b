"""Errors of returns."""

from chalicelib.kernel.errors import Conflict, Words


class NotReturnable(Conflict):
    """The goods cannot be sent back: codes and services can be refunded only."""

    code = "not_returnable"
    title = Words("该商品不支持退货或换货", "These goods cannot be sent back")
    hint = Words("卡券和服务可以申请仅退款", "Ask for a refund without a return")


class ReturnWindowClosed(Conflict):
    """The time for returns is over: `days` after delivery."""

    code = "return_window_closed"
    title = Words("已超过退换期限", "The time for returns is over")
    hint = Words(
        "签收后 {days} 天内可申请，如有疑问请联系客服",
        "Goods can be returned for {days} days after their delivery. "
        "Customer service answers questions",
    )


class ReturnExceedsOrder(Conflict):
    """The return exceeds what can be returned: `returnable` units of `sku`."""

    code = "return_exceeds_order"
    title = Words("超过可退换数量", "More than can be returned of this order")
    hint = Words("「{title}」还可退换 {returnable} 件", "{returnable} of “{title}” can be returned")


class ReturnLimitReached(Conflict):
    """The order has had `at_most` returns."""

    code = "return_limit_reached"
    title = Words("该订单的退换申请过多", "This order has had too many returns")
    hint = Words(
        "每个订单最多申请 {at_most} 次，请联系客服",
        "An order can have {at_most} returns. Customer service helps with more",
    )


class ReturnOpen(Conflict):
    """A return of the order is open: decide about it first."""

    code = "return_open"
    title = Words("该订单有处理中的退换申请", "A return of this order is open")
    hint = Words("请先处理退换申请", "Decide about the return first")


class ReturnExists(Conflict):
    """A return with this id was requested by an earlier try."""

    code = "return_exists"
    title = Words("退换申请已存在", "This return was requested before")


KEPT_FOR_RETURNS = Words(
    "「{title}」还可退 {refundable} 件，另有 {kept} 件在退换申请中",
    "{refundable} of “{title}” can be given back for; {kept} more are in open returns",
)
