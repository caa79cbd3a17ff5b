"""Search of orders for the staff."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from chalicelib import catalog, members
from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import Invalid, InvalidCursor
from chalicelib.kernel.spelling import letters_of
from chalicelib.orders.queries import listing
from chalicelib.orders.queries.listing import find_orders
from chalicelib.orders.queries.orders import find_order
from chalicelib.orders.rules import Order
from chalicelib.orders.tables import TrackingItem

_LONGEST_KEY = 256
Finder = Callable[[str, str, PageQuery], Page[Order]]


def find(by: str, text: str, asked: PageQuery) -> Page[Order]:
    """Orders by `id`, `member_id`, `phone`, `email`, `tracking_number` or `code`, newest first.

    Each reads no more than its page. The case of ids does not matter.

    Raises InvalidCursor, and Invalid naming a malformed `phone` or `email`.
    """
    return _FINDERS[by](text, f"found|{by}|{text}", asked)


def search(text: str, asked: PageQuery) -> Page[Order]:
    """Orders by a text of any of these kinds: the first kind with a result.

    Raises InvalidCursor.
    """
    refused: InvalidCursor | None = None
    for by in _may_be(text):
        try:
            found = _FINDERS[by](text, f"found|q|{by}|{text}", asked)
        except InvalidCursor as error:
            refused = error
        except Invalid:
            continue
        else:
            if found.data:
                return found
    if refused is not None:
        raise refused
    return Page([], None)


def _may_be(text: str) -> Iterator[str]:
    """The kinds that a text may be, the likeliest first."""
    if text.lower().startswith("ord_"):
        yield "id"
    elif text.lower().startswith("mbr_"):
        yield "member_id"
    elif "@" in text:
        yield "email"
    else:
        yield "phone"
        yield "tracking_number"
    yield "code"


def _by_id(order_id: str, scope: str, asked: PageQuery) -> Page[Order]:
    cursors.decode(scope, asked.cursor)
    order = find_order(order_id.lower()) if _is_key(order_id) else None
    return Page([order] if order else [], None)


def _by_member(member_id: str | None, scope: str, asked: PageQuery) -> Page[Order]:
    if member_id is None or not _is_key(member_id):
        return Page([], None)
    return listing.of_member(scope, asked, member_id)


def _by_tracking_number(text: str, scope: str, asked: PageQuery) -> Page[Order]:
    number = letters_of(text)
    if not _is_key(number):
        return Page([], None)

    query = partial(
        TrackingItem.query,
        TrackingItem.key_of(number),
        scan_index_forward=False,
        consistent_read=True,
    )
    return _orders(page(scope, asked, query, lambda item: str(item.order_id)))


def _by_code(text: str, scope: str, asked: PageQuery) -> Page[Order]:
    query = partial(catalog.issued_codes, text)
    return _orders(page(scope, asked, query, lambda item: str(item.order_id)))


def _is_key(text: str) -> bool:
    """Whether a text can be a key: DynamoDB refuses an empty key and one above 1 KB."""
    return text.isascii() and 0 < len(text) <= _LONGEST_KEY


def _orders(found: Page[str]) -> Page[Order]:
    known = find_orders(found.data)
    data = [known[each] for each in dict.fromkeys(found.data) if each in known]
    return Page(data, found.next_cursor)


_FINDERS: dict[str, Finder] = {
    "id": _by_id,
    "member_id": lambda text, *asked: _by_member(text.lower(), *asked),
    "phone": lambda text, *asked: _by_member(members.find_member(phone=text), *asked),
    "email": lambda text, *asked: _by_member(members.find_member(email=text), *asked),
    "tracking_number": _by_tracking_number,
    "code": _by_code,
}
