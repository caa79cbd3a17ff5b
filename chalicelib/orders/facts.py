"""The facts of orders. Cash is in minor units of its currency; points are whole."""

from __future__ import annotations

from typing import ClassVar

from chalicelib.kernel.store.facts import FactData


class OrderChanged(FactData, frozen=True):
    """An order entered a `status`, by its `version`-th change.

    `kind` is `physical`, `virtual` or `service`. `title` is that of the first of its `lines` lines,
    by language. `cash` is the cash price, or, once the order is cancelled or rejected, the
    cash that goes back. `unsettled`: its payment may still need an act. `booked_at` (RFC 3339) is
    the time of a service. `store_id` is where it is used, or where goods are fetched.
    """

    member_id: str
    order_id: str
    status: str
    kind: str
    title: dict[str, str]
    lines: int
    points: int
    cash: int
    currency: str | None
    unsettled: bool
    version: int = 0
    booked_at: str | None = None
    store_id: str | None = None


class OrderAwaitingPayment(OrderChanged, frozen=True):
    """An order was placed and is not paid yet."""

    TYPE: ClassVar[str] = "order.awaiting_payment"


class OrderAwaitingReview(OrderChanged, frozen=True):
    """The order is paid, or due on delivery: it waits for the staff."""

    TYPE: ClassVar[str] = "order.awaiting_review"


class OrderInReview(OrderChanged, frozen=True):
    """One of the staff has taken the order."""

    TYPE: ClassVar[str] = "order.in_review"


class OrderApproved(OrderChanged, frozen=True):
    """The goods can be shipped, or the service can be used."""

    TYPE: ClassVar[str] = "order.approved"


class OrderRejected(OrderChanged, frozen=True):
    """The staff rejected the order for a `reason`; its points are back, its cash goes back."""

    TYPE: ClassVar[str] = "order.rejected"

    reason: str | None = None


class OrderShipped(OrderChanged, frozen=True):
    """A carrier has the parcel."""

    TYPE: ClassVar[str] = "order.shipped"

    carrier: str | None = None
    tracking_number: str | None = None


class OrderDelivered(OrderChanged, frozen=True):
    """The carrier has delivered the parcel."""

    TYPE: ClassVar[str] = "order.delivered"


class OrderCompleted(OrderChanged, frozen=True):
    """The member has the goods. Codes of virtual goods follow separately.

    `ended` is `missed` or `lapsed` if the service was not used, or the goods were not fetched.
    """

    TYPE: ClassVar[str] = "order.completed"

    ended: str | None = None


class OrderCancelled(OrderChanged, frozen=True):
    """The member cancelled the order, or its time to pay has passed."""

    TYPE: ClassVar[str] = "order.cancelled"


class OrderRescheduled(OrderChanged, frozen=True):
    """The booking of a service was moved to `booked_at`."""

    TYPE: ClassVar[str] = "order.rescheduled"


class OrderMissed(OrderChanged, frozen=True):
    """Nobody came to the booking of a service; another time may be booked."""

    TYPE: ClassVar[str] = "order.missed"


class OrderRefunded(FactData, frozen=True):
    """All or a part of an order was refunded: `points` are back, and `cash` goes back.

    `order_status` is that of the order, `kind`, `title` and `lines` are as in `order.completed`.
    `nth` is the place of the refund among those of its order.
    """

    TYPE: ClassVar[str] = "order.refunded"

    member_id: str
    order_id: str
    refund_id: str
    order_status: str
    kind: str
    title: dict[str, str]
    lines: int
    points: int
    cash: int
    currency: str | None
    reason: str | None
    version: int = 0
    nth: int = 0


class OrderCash(FactData, frozen=True):
    """An event of `amount` minor units of an order's money, beside its states.

    `event` is `late`, `other_amount`, `refunded_at_provider`, `provider_refund_failed`, `disputed`,
    `inquiry`, `dispute_won` or `dispute_lost`, and `nth` its place among those of its order.
    Returned money arrives by `expected_by` (RFC 3339).
    """

    TYPE: ClassVar[str] = "order.cash"

    member_id: str
    order_id: str
    event: str
    amount: int
    currency: str
    title: dict[str, str]
    lines: int
    expected_by: str | None
    version: int = 0
    nth: int = 0


class ReviewChanged(FactData, frozen=True):
    """News of a member's review of a line of an order; `title` is that of the goods by language."""

    member_id: str
    review_id: str
    order_id: str
    product_id: str
    sku: str
    title: dict[str, str]
    rating: int
    version: int


class ReviewPublished(ReviewChanged, frozen=True):
    """The public can read the review, for the first time."""

    TYPE: ClassVar[str] = "review.published"


class ReviewReplied(ReviewChanged, frozen=True):
    """The shop has replied to the review, for the first time."""

    TYPE: ClassVar[str] = "review.replied"


class ImportPartDue(FactData, frozen=True):
    """A part of an import of the staff is to be done next."""

    TYPE: ClassVar[str] = "order.import_part"
    IS_INTERNAL: ClassVar[bool] = True

    job_id: str
    part: int


_CHANGES = (
    OrderAwaitingPayment,
    OrderAwaitingReview,
    OrderInReview,
    OrderApproved,
    OrderRejected,
    OrderShipped,
    OrderDelivered,
    OrderCompleted,
    OrderCancelled,
)
# The fact of each status.
OF_STATUS: dict[str, type[OrderChanged]] = {
    kind.TYPE.removeprefix("order."): kind for kind in _CHANGES
}


class ReturnChanged(FactData, frozen=True):
    """A return of units of an order entered a `status`, by its `version`-th change.

    `kind` is `return`, `exchange` or `refund_only`. `title` is that of the first of its `lines`
    lines, by language. `by` is `member`, `staff` or `system`: the system acts when the time of a
    state is over. `due_at` (RFC 3339) ends the time of its new state. `points` are back and `cash`
    goes back by this return so far; `order.refunded` tells each refund.
    """

    member_id: str
    return_id: str
    order_id: str
    status: str
    kind: str
    title: dict[str, str]
    lines: int
    by: str
    points: int
    cash: int
    currency: str | None
    version: int
    due_at: str | None = None


class ReturnRequested(ReturnChanged, frozen=True):
    """A member asks for a return."""

    TYPE: ClassVar[str] = "return.requested"


class ReturnApproved(ReturnChanged, frozen=True):
    """The member is to send the goods back, as the `instructions` say."""

    TYPE: ClassVar[str] = "return.approved"

    instructions: str | None = None


class ReturnRejected(ReturnChanged, frozen=True):
    """The staff declined the return for a `reason`."""

    TYPE: ClassVar[str] = "return.rejected"

    reason: str | None = None


class ReturnSent(ReturnChanged, frozen=True):
    """The member has sent the goods back."""

    TYPE: ClassVar[str] = "return.sent"


class ReturnReceived(ReturnChanged, frozen=True):
    """Goods came back: of an exchange, or a part of a return."""

    TYPE: ClassVar[str] = "return.received"


class ReturnClosed(ReturnChanged, frozen=True):
    """The return is done. An exchange has a parcel with the replacement, or was refunded."""

    TYPE: ClassVar[str] = "return.closed"

    carrier: str | None = None
    tracking_number: str | None = None


class ReturnWithdrawn(ReturnChanged, frozen=True):
    """The member withdrew the return, or did not send the goods in time."""

    TYPE: ClassVar[str] = "return.withdrawn"


_RETURN_CHANGES = (
    ReturnRequested,
    ReturnApproved,
    ReturnRejected,
    ReturnSent,
    ReturnReceived,
    ReturnClosed,
    ReturnWithdrawn,
)
# The fact of each state of a return.
OF_RETURN_STATUS: dict[str, type[ReturnChanged]] = {
    kind.TYPE.removeprefix("return."): kind for kind in _RETURN_CHANGES
}
