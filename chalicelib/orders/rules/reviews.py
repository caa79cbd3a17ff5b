"""Reviews of goods by members who had them, and their states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from chalicelib.kernel.errors import FieldError, Invalid, NotAllowedInThisState, Words
from chalicelib.orders.errors.reviews import LineRefunded
from chalicelib.orders.rules.orders import COMPLETED, Order, OrderLine
from chalicelib.orders.rules.words import not_allowed

PENDING, PUBLISHED, HIDDEN = "pending", "published", "hidden"
PUBLISH, HIDE, REPLY = "publish", "hide", "reply"
# (act, state before) -> state after
NEXT = {
    (PUBLISH, PENDING): PUBLISHED,
    (PUBLISH, HIDDEN): PUBLISHED,
    (HIDE, PENDING): HIDDEN,
    (HIDE, PUBLISHED): HIDDEN,
    (REPLY, PUBLISHED): PUBLISHED,
}
STATUSES = (PENDING, PUBLISHED, HIDDEN)
WORDS = {
    PENDING: Words("审核中", "Waits to be published"),
    PUBLISHED: Words("已发布", "Published"),
    HIDDEN: Words("未公开", "Not shown"),
}
# A letter with the marks, joiners and skin tones that belong to it.
_LETTER = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2})|"
    ".(?:[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]|\u200d.)*",
    re.DOTALL,
)


class ReviewAct(msgspec.Struct, frozen=True):
    """An act of the staff on a review; `content` is a digest of its words."""

    name: str
    actor: str
    at_ms: int
    content: bytes = b""


class ShopReply(msgspec.Struct, frozen=True):
    """The words of the shop under a review."""

    text: str
    at_ms: int


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A member's words on a line of an order. `author` is the member's name, masked.

    `made_by` and `content` are digests of its key and of its request. `helpful` counts marks while
    it is not published: the list counts them while it is. `reason` tells why it is hidden, `last`
    is the last act of the staff.
    """

    id: str
    order_id: str
    product_id: str
    sku: str
    title_zh: str
    title_en: str
    member_id: str
    author: str | None
    rating: int
    text: str
    pictures: tuple[str, ...] = ()
    status: str = PENDING
    version: int = 1
    created_at_ms: int
    made_by: bytes
    content: bytes
    helpful: int = 0
    reason: str | None = None
    reply: ShopReply | None = None
    last: ReviewAct | None = None

    @property
    def title(self) -> Words:
        return Words(self.title_zh, self.title_en)


class ShownReview(NamedTuple):
    """A published review, and how many members it helped."""

    review: Review
    helpful: int


class ReviewedLine(NamedTuple):
    """A line of an order with its review, if there is one; `is_open`: it can be reviewed."""

    line: OrderLine
    review: Review | None
    is_open: bool


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What a member says of a SKU of an order; `made_by` and `content` identify a retry."""

    order_id: str
    member_id: str
    sku: str
    rating: int
    text: str
    pictures: tuple[str, ...] = ()
    created_at_ms: int
    made_by: bytes
    content: bytes

    def review(self, review_id: str, line: OrderLine, name: str | None) -> Review:
        """The review of a line by a member of this name."""
        return Review(
            **msgspec.structs.asdict(self),
            id=review_id,
            product_id=line.product_id,
            title_zh=line.title_zh,
            title_en=line.title_en,
            author=masked_name(name),
        )


def reviewed_line(order: Order, sku: str) -> OrderLine:
    """The line of a completed order that can be reviewed.

    Raises NotAllowedInThisState, Invalid, LineRefunded.
    """
    line = next((each for each in order.lines if each.sku == sku), None)
    if line is None:
        words = Words("订单中没有该商品", "is not in this order")
        raise Invalid(FieldError("sku", "not_in_order", words))
    if order.status != COMPLETED:
        raise not_allowed(order.kind, order.status)
    if not line.left:
        raise LineRefunded(sku=sku)
    return line


def is_reviewable(order: Order, line: OrderLine) -> bool:
    return order.status == COMPLETED and line.left > 0


def acted_on(review: Review, act: ReviewAct, text: str | None = None) -> Review:
    """The review after an act; `text` is the reason to hide it, or the words of a reply.

    Raises NotAllowedInThisState.
    """
    status = NEXT.get((act.name, review.status))
    if status is None:
        raise not_allowed_review(review)
    after = replace(review, status=status, version=review.version + 1, last=act)
    if act.name == REPLY:
        return replace(after, reply=ShopReply(text or "", act.at_ms))
    return replace(after, reason=text)


def was_done(review: Review, act: ReviewAct) -> bool:
    """Whether this act was the last one: the same person repeats it with the same words."""
    last = review.last
    return last is not None and (last.name, last.actor, last.content) == (
        act.name,
        act.actor,
        act.content,
    )


def not_allowed_review(review: Review) -> NotAllowedInThisState:
    """The refusal of an act on a review in its state."""
    return NotAllowedInThisState(status=review.status).telling(state=WORDS[review.status])


def masked_name(name: str | None) -> str | None:
    """`李**`, `小**满`, `A**r`: the first and, of three letters or more, the last."""
    letters: Sequence[str] = _LETTER.findall(name or "")
    if not letters:
        return None
    return f"{letters[0]}**{letters[-1] if len(letters) > 2 else ''}"
