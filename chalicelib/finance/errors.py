"""What finance refuses."""

from __future__ import annotations

from chalicelib.kernel.errors import Conflict, Words


class DayNotOver(Conflict):
    """The day has not ended, or its last facts may still be on their way; `settles_at` is when."""

    code = "day_not_over"
    title = Words("该日尚未结束", "This day is not over")
    hint = Words("将于 {at} 后结算", "It is settled from {at} on")


class DayNotSettled(Conflict):
    """The day is over, but its settlement has not been published yet."""

    code = "day_not_settled"
    title = Words("该日尚未完成结算", "This day is not settled yet")


class SettlementDoesNotTie(Exception):
    """What the lines of a day come to is not what the books say: nothing is published."""


class RebuildExists(Conflict):
    """This rebuild was asked for before."""

    code = "rebuild_exists"
    title = Words("该重建任务已存在", "This rebuild was asked for before")


class NothingToInvoice(Conflict):
    """No cash was paid for the order, or all of it went back."""

    code = "nothing_to_invoice"
    title = Words("该订单没有可开票的现金金额", "No cash of this order can be invoiced")


class InvoiceExists(Conflict):
    """The order has an invoice, issued or asked for; `invoice_id` tells which."""

    code = "invoice_exists"
    title = Words("该订单已申请开票", "An invoice for this order was asked for before")


class InvoiceNumberUsed(Conflict):
    """Another invoice has this number."""

    code = "invoice_number_used"
    title = Words("该发票号码已被使用", "Another invoice has this number")
