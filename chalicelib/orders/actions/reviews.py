"""Writes of reviews: a member writes one for each line, the staff publishes, hides and replies."""

from __future__ import annotations

from msgspec.structs import replace

from chalicelib import audit, catalog
from chalicelib.kernel.errors import IdempotencyKeyReused, Moved
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.members import nickname_of
from chalicelib.orders.errors.reviews import AlreadyReviewed
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.queries.reviews import find_review, get_review, marks_of, review_id_of
from chalicelib.orders.rules.reviews import (
    PUBLISHED,
    Review,
    ReviewAct,
    Written,
    acted_on,
    not_allowed_review,
    reviewed_line,
    was_done,
)
from chalicelib.orders.tables import ORDER, OrderItem
from chalicelib.orders.tables.reviews import ONE_MARK, ReviewedItem, ReviewItem, WrittenItem


def write_review(written: Written) -> tuple[Review, bool]:
    """Review a line of a completed order, once: (review, replayed).

    Raises NotFound, NotAllowedInThisState, Invalid, LineRefunded, AlreadyReviewed,
    IdempotencyKeyReused.
    """
    review_id = review_id_of(written.order_id, written.sku)

    def write() -> Review:
        order = get_order(written.order_id, written.member_id)
        line = reviewed_line(order, written.sku)
        review = written.review(review_id, line, nickname_of(written.member_id))
        writes = WriteSet()
        catalog.use_pictures(writes, written.pictures, written.member_id, review_id)
        unmoved = OrderItem.version == order.version
        writes.check(OrderItem(order.id, ORDER), unmoved, or_raise=Moved)
        writes.put_new(ReviewItem.of(review), or_raise=AlreadyReviewed(review_id=review_id))
        writes.put_new(WrittenItem.of(review), or_raise=AlreadyReviewed(review_id=review_id))
        writes.commit()
        return review

    def find() -> Review | None:
        found = find_review(review_id)
        if found is None or found.made_by != written.made_by:
            return None
        if found.content != written.content:
            raise IdempotencyKeyReused()
        return found

    return replay_outranks_refusal(write, find)


def act_on_review(
    review_id: str, act: ReviewAct, text: str | None, audited: audit.Act
) -> tuple[Review, bool]:
    """Publish a review, hide it for a reason or reply to it: (review, replayed).

    The rating of its product, the lists that show it and the audit change in the same transaction.

    Raises NotFound, NotAllowedInThisState.
    """

    def write() -> Review:
        review = get_review(review_id)
        if was_done(review, act):
            raise not_allowed_review(review)
        after = acted_on(review, act, text)
        writes = WriteSet()
        if after.status == PUBLISHED != review.status:
            _publish(writes, after)
        elif review.status == PUBLISHED != after.status:
            after = _hide(writes, review, after)
        unmoved = ReviewItem.version == review.version
        writes.put(ReviewItem.of(after), condition=unmoved)
        before, now = {"status": review.status}, {"status": after.status}
        audit.record(writes, audited.changing({**before}, {**now}))
        writes.commit()
        return after

    def find() -> Review | None:
        review = find_review(review_id)
        if review is None:
            return None
        # A review knows its last reply; the audit knows each.
        return review if was_done(review, act) or audit.find_act(audited) else None

    return replay_outranks_refusal(write, find)


def _publish(writes: WriteSet, review: Review) -> None:
    """Add the review to the lists of its product, and to its rating."""
    for row in ReviewedItem.rows_of(review):
        writes.put(row)
    catalog.add_rating(writes, review.product_id, review.rating)


def _hide(writes: WriteSet, review: Review, after: Review) -> Review:
    """Take the review from the lists and the rating; the review, which keeps its marks.

    Raises Moved.
    """
    marks = marks_of(review)
    if marks is None:
        raise Moved()
    rank = marks * ONE_MARK + review.created_at_ms
    for row in ReviewedItem.keys_of(review):
        writes.delete(row, condition=ReviewedItem.rank == rank)
    catalog.remove_rating(writes, review.product_id, review.rating)
    return replace(after, helpful=marks)
