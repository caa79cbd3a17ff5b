"""The rules of orders: states, prices, refunds."""

from chalicelib.orders.rules.bookings import Booking
from chalicelib.orders.rules.cash import CashEvent, OrderFreight, Refund
from chalicelib.orders.rules.limits import check_at_once, most_codes
from chalicelib.orders.rules.orders import (
    AWAITING_PAYMENT,
    CANCELLED,
    COD,
    COMPLETED,
    DELIVERED,
    ENDED,
    FIRST_STATUS,
    KINDS,
    MAX_LINES,
    NEXT,
    PAID_WITHIN_MS,
    PAYMENT_QUEUE,
    PHYSICAL,
    PICKUP,
    RECEIPT_QUEUE,
    REJECTED,
    REVIEW_QUEUES,
    SERVICE,
    SHIPPED,
    STATUSES,
    UNDOES,
    UNSETTLED_QUEUE,
    VIRTUAL,
    Order,
    OrderAct,
    OrderLine,
    Parcel,
    Step,
    advance,
    by_product,
    next_status,
    one_kind,
    queue_of,
    record,
)
from chalicelib.orders.rules.return_marks import ReturnMark
