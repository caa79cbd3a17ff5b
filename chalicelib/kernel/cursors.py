"""Pages of a list: signed cursors, bound to their list and their owner."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, Generic, TypeVar

import msgspec

from chalicelib.kernel import secrets
from chalicelib.kernel.errors import FieldError, InvalidCursor, Unreadable, Words

T = TypeVar("T")
V = TypeVar("V")
_SIGNATURE_BYTES = 16
# The `page_size` of a query whose filter may drop most of what it reads: a request for each few
# items would make a long list slow. One more than the longest page.
FILTERED_PAGE = 101

Limit = Annotated[int, msgspec.Meta(ge=1, le=100)]


class PageQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`?limit=` 1-100, 20 if silent; `?cursor=` from the last answer's `next_cursor`."""

    limit: Limit = 20
    cursor: Annotated[str, msgspec.Meta(max_length=4096)] | None = None


class Page(msgspec.Struct, Generic[T]):
    """A page of a list; `next_cursor` is null on the last one."""

    data: list[T]
    next_cursor: str | None

    def shown(self, view: Callable[[T], V]) -> Page[V]:
        return Page([view(each) for each in self.data], self.next_cursor)


def _signature(scope: str, content: bytes) -> bytes:
    message = scope.encode() + b"\x1f" + content
    return hmac.new(secrets.key("cursor"), message, hashlib.sha256).digest()[:_SIGNATURE_BYTES]


def encode(scope: str, position: Any) -> str:
    """The cursor of a position, such as a DynamoDB key, good only for this scope."""
    # DynamoDB gives the attributes of a key in any order; a position has one cursor.
    content = msgspec.json.encode(position, order="deterministic")
    return _text(_signature(scope, content) + content)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(scope: str, cursor: str | None) -> Any:
    """The position of a cursor, None for none.

    Raises InvalidCursor if it was not made by us for this list and owner.
    """
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError, UnicodeEncodeError):
        raw = b""
    # The decoding passes over letters that no cursor has: only our own spelling is ours.
    if _text(raw) != cursor:
        raw = b""
    signature, content = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(scope, content)):
        words = Words("翻页标记无效", "was not made for this list")
        raise InvalidCursor(FieldError("cursor", "invalid", words))
    return msgspec.json.decode(content)


def page(
    scope: str,
    asked: PageQuery,
    query: Callable[..., Any],
    view: Callable[[Any], V],
    *,
    leave_out_unreadable: bool = False,
) -> Page[V]:
    """One page of a PynamoDB query as views.

    `scope` names list, filters and owner; `query` takes `limit` and `last_evaluated_key`. The
    staff is told of a record that cannot be read, members see the others.

    Raises InvalidCursor, Unreadable.
    """
    # One item more than asked tells whether there is a next page.
    found = query(limit=asked.limit + 1, last_evaluated_key=decode(scope, asked.cursor))
    data = []
    for _ in range(asked.limit):
        try:
            data.append(view(next(found)))
        except StopIteration:
            break
        except Unreadable:
            if not leave_out_unreadable:
                raise
    last = found.last_evaluated_key
    return Page(data, encode(scope, last) if _has_more(found) else None)


def part(
    scope: str, asked: PageQuery, everything: Iterable[T], place: Callable[[T], tuple[Any, ...]]
) -> Page[T]:
    """One page of a short list that is read whole, in the order of its values' places, which are
    all different.

    Raises InvalidCursor.
    """
    after = decode(scope, asked.cursor)
    left = sorted(everything, key=place)
    left = [each for each in left if after is None or place(each) > tuple(after)]
    shown = left[: asked.limit]
    has_more = len(left) > asked.limit
    return Page(shown, encode(scope, place(shown[-1])) if has_more else None)


def _has_more(found: Iterator[Any]) -> bool:
    try:
        return next(found, None) is not None
    except Unreadable:
        return True


def every(read: Callable[[PageQuery], Page[T]]) -> Iterator[T]:
    """All of a list, page by page."""
    found = read(PageQuery(limit=100))
    yield from found.data
    while found.next_cursor is not None:
        found = read(PageQuery(limit=100, cursor=found.next_cursor))
        yield from found.data
