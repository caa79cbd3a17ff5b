"""Earning rules, partners' events and their signatures: frozen values, pure functions."""

from chalicelib.earning.rules.decisions import (
    MATCHED,
    OTHER_CURRENCY,
    PURCHASES,
    Decision,
    EarningRule,
    Terms,
    decide,
    decide_all,
    in_words,
    is_by_purchases,
    units_given,
)
from chalicelib.earning.rules.items import SoldItem
from chalicelib.earning.rules.new_events import NOT_THE_SUM, check_new
from chalicelib.earning.rules.orders import (
    APPLIED,
    DUPLICATE,
    UNMATCHED,
    CompletedOrder,
    Happening,
    Outcome,
    PaidOrder,
    PartnerEvent,
    Payment,
    RefundedOrder,
    accrual_reference,
    content_of,
    decision_on,
    decisions_in,
    is_told_once,
    payment_of,
    refund_reference,
    rule_named,
    rule_of,
    source_of,
    unit_of,
)
from chalicelib.earning.rules.refunds import Share, part_taken, refunded_of, share_of, taken_back
from chalicelib.earning.rules.signatures import check_signature
