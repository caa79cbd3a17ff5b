"""Reads of reviews: a row of a list has the id, the review itself the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal

from chalicelib import catalog, members
from chalicelib.kernel import cursors, ids
from chalicelib.kernel.counts import SomeOf
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import NotFound, or_not_found
from chalicelib.kernel.store.joined import joined
from chalicelib.kernel.store.tables import each_readable
from chalicelib.orders.queries.listing import waiting_index
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules.reviews import (
    PENDING,
    PUBLISHED,
    Review,
    ReviewedLine,
    ShownReview,
    is_reviewable,
)
from chalicelib.orders.tables import OrdersItem
from chalicelib.orders.tables.reviews import (
    REVIEW,
    HelpfulItem,
    ReviewedItem,
    ReviewItem,
    WrittenItem,
    queue_name,
)

Sort = Literal["newest", "helpful"]


def review_id_of(order_id: str, sku: str) -> str:
    """The id of the one review that a line can have."""
    return ids.derived_id("rvw", order_id, sku)


def find_review(review_id: str) -> Review | None:
    return ReviewItem.find_value(review_id, REVIEW)


def get_review(review_id: str) -> Review:
    """A review, consistently.

    Raises NotFound.
    """
    return or_not_found(find_review(review_id))


def get_published(review_id: str) -> Review:
    """A review that the public sees.

    Raises NotFound.
    """
    review = get_review(review_id)
    if review.status != PUBLISHED:
        raise NotFound()
    return review


def find_reviews(review_ids: Sequence[str], *, consistent: bool = False) -> dict[str, Review]:
    """Reviews by id, a hundred in a request; unless `consistent`, they may be a moment old."""
    keys = [(each, REVIEW) for each in review_ids]
    found = ReviewItem.batch_get(keys, consistent_read=consistent)
    return {item.pk: item.value() for item in found}


def marks_of(review: Review) -> int | None:
    """How many members a published review helped, consistently; None if it is not published."""
    row = ReviewedItem.keys_of(review)[0]
    found: ReviewedItem | None = ReviewedItem.find(row.pk, row.sk)
    return found.helpful if found else None


def list_published(
    product_id: str, stars: int | None, sort: Sort, asked: PageQuery
) -> Page[ShownReview]:
    """A page of a product's published reviews, of those with so many stars if they are given.

    One query and one batch read, whatever the number of reviews.

    Raises InvalidCursor, NotFound if there is no such product.
    """
    rows: Any = ReviewedItem.helpful_index if sort == "helpful" else ReviewedItem
    query = partial(rows.query, ReviewedItem.partition(product_id, stars), scan_index_forward=False)
    scope = f"reviews|{product_id}|{stars}|{sort}"
    found = cursors.page(scope, asked, query, _row, leave_out_unreadable=True)
    if not found.data and asked.cursor is None and not catalog.is_product(product_id):
        raise NotFound()
    reviews = each_readable([row.review_id for row in found.data], find_reviews)
    data = [
        ShownReview(review, row.helpful)
        for row in found.data
        if (review := reviews.get(row.review_id)) and review.status == PUBLISHED
    ]
    return Page(data, found.next_cursor)


def list_written(member_id: str, asked: PageQuery) -> Page[Review]:
    """A member's own reviews under all their ids, the newest first.

    Raises InvalidCursor.
    """
    owners = [WrittenItem.partition(each) for each in members.ids_of(member_id)]
    rows = partial(WrittenItem.query, scan_index_forward=False)
    query = joined(owners, rows, ("pk", "sk"), partition="pk", place="sk")
    found = cursors.page(f"reviews-by|{member_id}", asked, query, _row)
    return _with_reviews(found, lambda row: row.review_id)


def list_reviews(status: str, asked: PageQuery) -> Page[Review]:
    """All reviews in a state: those that wait the oldest first, others the newest first.

    Raises InvalidCursor, Unreadable.
    """
    query = partial(waiting_index().query, queue_name(status), scan_index_forward=status == PENDING)
    found = cursors.page(f"all-reviews|{status}", asked, query, _row)
    shown = _with_reviews(found, lambda row: row.pk)
    return Page([each for each in shown.data if each.status == status], shown.next_cursor)


def count_unpublished() -> SomeOf:
    """How many reviews wait to be published, as it was a moment ago."""
    return OrdersItem.count_some(queue_name(PENDING), index_name=waiting_index().Meta.index_name)


def lines_with_reviews(order_id: str, member_id: str) -> list[ReviewedLine]:
    """The lines of a member's order, each with its review.

    Raises NotFound.
    """
    order = get_order(order_id, member_id)
    ids_ = [review_id_of(order.id, line.sku) for line in order.lines]
    found = find_reviews(ids_)
    return [
        ReviewedLine(line, found.get(id_), id_ not in found and is_reviewable(order, line))
        for line, id_ in zip(order.lines, ids_, strict=True)
    ]


def helpful_to(member_id: str, product_id: str, asked: PageQuery) -> Page[str]:
    """Ids of the reviews of a product that helped a member.

    Raises InvalidCursor.
    """
    partition = HelpfulItem.partition(member_id, product_id)
    query = partial(HelpfulItem.query, partition)
    return cursors.page(f"helpful|{partition}", asked, query, lambda item: str(item.sk))


def has_helped(review: Review, member_id: str) -> bool:
    """Whether the member has marked the review as helpful, consistently."""
    mark = HelpfulItem.of(member_id, review)
    return HelpfulItem.find(mark.pk, mark.sk) is not None


def _row(item: Any) -> Any:
    return item


def _with_reviews(found: Page[Any], review_id: Callable[[Any], str]) -> Page[Review]:
    """The reviews of a list's rows, one batch read."""
    review_ids = [review_id(row) for row in found.data]
    reviews = each_readable(review_ids, partial(find_reviews, consistent=True))
    return Page([reviews[each] for each in review_ids if each in reviews], found.next_cursor)
