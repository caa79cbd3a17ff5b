"""What earns points, what partners tell and how they sign it: frozen values, pure functions."""

from chalicelib.earning.rules.earning import (
    MATCHED,
    OTHER_CURRENCY,
    PURCHASES,
    Decision,
    EarningRule,
    decide,
    in_words,
    terms,
)
from chalicelib.earning.rules.orders import (
    APPLIED,
    DUPLICATE,
    UNMATCHED,
    CompletedOrder,
    Outcome,
    PaidOrder,
    PartnerEvent,
    Payment,
    RefundedOrder,
    accrual_reference,
    content_of,
    refund_reference,
    source_of,
    taken_back,
)
from chalicelib.earning.rules.signatures import check_signature
