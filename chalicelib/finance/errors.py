"""The errors of finance."""

from __future__ import annotations

from chalicelib.kernel.errors import Conflict, Words


class DayNotOver(Conflict):
    """The day has not ended, or its last facts may still arrive; it settles at `settles_at`."""

    code = "day_not_over"
    title = Words("该日尚未结束", "This day is not over")
    hint = Words("将于 {at} 后结算", "It is settled from {at} on")


class DayNotSettled(Conflict):
    """The day is over, but its settlement has not been published yet."""

    code = "day_not_settled"
    title = Words("该日尚未完成结算", "This day is not settled yet")


class SettlementDoesNotTie(Exception):
    """The lines of a day do not add up to the books; nothing is published."""


class RebuildExists(Conflict):
    """The rebuild exists already."""

    code = "rebuild_exists"
    title = Words("该重建任务已存在", "This rebuild was asked for before")


class NothingToInvoice(Conflict):
    """No cash was paid for the order, or all of it was refunded."""

    code = "nothing_to_invoice"
    title = Words("该订单没有可开票的现金金额", "No cash of this order can be invoiced")


class InvoiceExists(Conflict):
    """The order has an invoice, requested or issued; `invoice_id` names it."""

    code = "invoice_exists"
    title = Words("该订单已申请开票", "An invoice for this order was asked for before")


class InvoiceNumberUsed(Conflict):
    """Another invoice has this number."""

    code = "invoice_number_used"
    title = Words("该发票号码已被使用", "Another invoice has this number")
