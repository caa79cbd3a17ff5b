"""The items of reviews. Lists have rows of their own, so that each list is one query.

<review>                      REVIEW              a review, and all personal words of it
REVIEWER#<member>             <written>#<review>  that a member wrote it
REVIEWED#<product>            <written>#<review>  that it is published; `rank` counts who it helped
REVIEWED#<product>#<stars>    <written>#<review>  the same among those with so many stars
HELPFUL#<member>#<product>    <review>            that it helped a member
"""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import UnicodeAttribute

from chalicelib.earning import ReviewShown
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.store.attributes import (
    BytesAttribute,
    ChoiceAttribute,
    IntegerAttribute,
    StructAttribute,
)
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.streams import Change
from chalicelib.kernel.store.tables import from_stream
from chalicelib.orders.facts import ReviewChanged, ReviewPublished, ReviewReplied
from chalicelib.orders.rules.reviews import PUBLISHED, STATUSES, Review, ReviewAct, ShopReply
from chalicelib.orders.tables.items import OrdersItem, sortable

REVIEW = "REVIEW"
# The rank of a review is the number of its marks, and then its time: one mark outweighs any time.
ONE_MARK = 10**13


def queue_name(status: str) -> str:
    """The staff's list of the reviews in a state, in the index of what waits."""
    return f"reviews:{status}"


class ReviewItem(OrdersItem):
    """A review. It alone holds what people wrote: to erase it takes no other item."""

    order_id = UnicodeAttribute()
    product_id = UnicodeAttribute()
    sku = UnicodeAttribute()
    title_zh = UnicodeAttribute()
    title_en = UnicodeAttribute()
    written_by = UnicodeAttribute()
    author = UnicodeAttribute(null=True)
    rating = IntegerAttribute()
    text = UnicodeAttribute()
    pictures = StructAttribute[tuple[str, ...]](tuple[str, ...], null=True)
    status = ChoiceAttribute(STATUSES)
    version = IntegerAttribute()
    created_at = IntegerAttribute()  # epoch milliseconds
    made_by = BytesAttribute()
    content = BytesAttribute()
    helpful = IntegerAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    reply = StructAttribute[ShopReply](ShopReply, null=True)
    last = StructAttribute[ReviewAct](ReviewAct, null=True)

    @classmethod
    def of(cls, review: Review) -> ReviewItem:
        return cls.holding(
            review,
            review.id,
            REVIEW,
            written_by=review.member_id,
            ended=None,
            queue=queue_name(review.status),
            queue_at=sortable(review.created_at_ms),
        )

    def value(self) -> Review:
        return self.into(Review, id=self.pk, member_id=self.written_by)


def _place(review: Review) -> str:
    """The place of a review in a list: those written later come last."""
    return f"{sortable(review.created_at_ms)}#{review.id}"


class WrittenItem(OrdersItem):
    """That a member wrote a review."""

    @staticmethod
    def partition(member_id: str) -> str:
        return f"REVIEWER#{member_id}"

    @classmethod
    def of(cls, review: Review) -> WrittenItem:
        return cls(cls.partition(review.member_id), _place(review))

    @property
    def review_id(self) -> str:
        return self.sk.partition("#")[2]


class ReviewedItem(OrdersItem):
    """A published review in a list of its product."""

    @staticmethod
    def partition(product_id: str, stars: int | None) -> str:
        """The list of a product's reviews, or of those with so many stars."""
        return f"REVIEWED#{product_id}" + (f"#{stars}" if stars else "")

    @classmethod
    def keys_of(cls, review: Review) -> list[ReviewedItem]:
        """The review's rows, by their keys; the first is of all reviews of the product."""
        lists = [cls.partition(review.product_id, stars) for stars in (None, review.rating)]
        return [cls(each, _place(review)) for each in lists]

    @classmethod
    def rows_of(cls, review: Review) -> list[ReviewedItem]:
        rows = cls.keys_of(review)
        for row in rows:
            row.review_list = row.pk
            row.rank = review.helpful * ONE_MARK + review.created_at_ms
        return rows

    @property
    def review_id(self) -> str:
        return self.sk.partition("#")[2]

    @property
    def helpful(self) -> int:
        """How many members it helped."""
        return self.rank // ONE_MARK


class HelpfulItem(OrdersItem):
    """That a review helped a member."""

    @staticmethod
    def partition(member_id: str, product_id: str) -> str:
        return f"HELPFUL#{member_id}#{product_id}"

    @classmethod
    def of(cls, member_id: str, review: Review) -> HelpfulItem:
        return cls(cls.partition(member_id, review.product_id), review.id)


def facts_of(change: Change) -> list[Fact[Any]]:
    """A review is published, or replied to. Its id names the fact, so each is told once."""
    if change.after is None:
        return []
    review: Review = from_stream(ReviewItem, change.after).value()
    before: Review | None = None
    if change.before is not None:
        before = from_stream(ReviewItem, change.before).value()
    told: list[type[ReviewChanged]] = []
    shown: list[Fact[Any]] = []
    if review.status == PUBLISHED and (before is None or before.status != PUBLISHED):
        told.append(ReviewPublished)
        shown = [_shown(review)]
    if review.reply is not None and (before is None or before.reply is None):
        told.append(ReviewReplied)
    at_ms = review.last.at_ms if review.last else review.created_at_ms
    title = {"zh-CN": review.title_zh, "en": review.title_en}
    data = [shaped(shape, review, review_id=review.id, title=title) for shape in told]
    facts = [Fact.of(f"{each.TYPE}:{review.id}", rfc3339_ms(at_ms), each) for each in data]
    return facts + shown


def _shown(review: Review) -> Fact[ReviewShown]:
    data = ReviewShown(member_id=review.member_id, review_id=review.id)
    name = f"{data.TYPE}:{review.id}:{review.version}"
    return Fact.of(name, rfc3339_ms(review.created_at_ms), data)
