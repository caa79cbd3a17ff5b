"""The rules of orders: states, prices, refunds."""

from chalicelib.orders.rules.bookings import Booking
from chalicelib.orders.rules.cash import CashEvent, OrderFreight, Refund
from chalicelib.orders.rules.limits import check_at_once, most_codes
from chalicelib.orders.rules.lists import (
    PAYMENT_QUEUE,
    RECEIPT_QUEUES,
    REVIEW_QUEUES,
    UNSETTLED_QUEUE,
    queue_of,
)
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
    PHYSICAL,
    PICKUP,
    REJECTED,
    SERVICE,
    SHIPPED,
    STATUSES,
    UNDOES,
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
    record,
)
from chalicelib.orders.rules.return_marks import ReturnMark
