"""Members mark reviews as helpful, once each, and take that back."""

from __future__ import annotations

from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.orders.errors.reviews import AlreadyMarked, OwnReview
from chalicelib.orders.queries.reviews import get_published, has_helped
from chalicelib.orders.rules.reviews import Review
from chalicelib.orders.tables.reviews import ONE_MARK, HelpfulItem, ReviewedItem


def mark_helpful(review_id: str, member_id: str) -> tuple[Review, bool]:
    """Mark a published review as helpful to a member: (review, whether it was so before).

    Raises NotFound, OwnReview.
    """
    return _mark(review_id, member_id, is_wanted=True)


def unmark_helpful(review_id: str, member_id: str) -> tuple[Review, bool]:
    """Take a member's mark from a published review: (review, whether it had none before).

    Raises NotFound, OwnReview.
    """
    return _mark(review_id, member_id, is_wanted=False)


def _mark(review_id: str, member_id: str, *, is_wanted: bool) -> tuple[Review, bool]:
    def write() -> Review:
        review = get_published(review_id)
        if review.member_id == member_id:
            raise OwnReview()
        writes, mark = WriteSet(), HelpfulItem.of(member_id, review)
        if is_wanted:
            writes.put_new(mark, or_raise=AlreadyMarked)
        else:
            writes.delete(mark, condition=HelpfulItem.pk.exists(), or_raise=AlreadyMarked)
        more = ONE_MARK if is_wanted else -ONE_MARK
        for row in ReviewedItem.keys_of(review):
            # A review that is hidden meanwhile has no rows: the next try reads that.
            writes.update(row, [ReviewedItem.rank.add(more)], condition=ReviewedItem.pk.exists())
        writes.commit()
        return review

    def find() -> Review | None:
        review = get_published(review_id)
        return review if has_helped(review, member_id) == is_wanted else None

    return replay_outranks_refusal(write, find)
