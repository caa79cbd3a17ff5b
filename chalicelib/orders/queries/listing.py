"""Lists of orders: an index has the ids, the table the present orders."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib import members
from chalicelib.kernel.counts import SomeOf
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery, page
from chalicelib.kernel.errors import Unreadable
from chalicelib.kernel.store.joined import joined
from chalicelib.kernel.store.packed import writes_packed
from chalicelib.orders.rules import ENDED, REVIEW_QUEUES, Order
from chalicelib.orders.tables import ORDER, OrderItem, OrdersItem

Key = dict[str, dict[str, str]]


def of_member_index() -> Any:
    """The index of members' orders that this stage reads."""
    return OrdersItem.of_member if writes_packed() else OrdersItem.by_member


def of_owners(owners: Sequence[str]) -> Callable[..., Any]:
    """The query of what stands under these owners in the index of members' orders, newest first."""
    query = partial(of_member_index().query, scan_index_forward=False)
    keys = ("pk", "sk", "member_id", "placed")
    return joined(owners, query, keys, partition="member_id", place="placed")


def waiting_index() -> Any:
    """The index of waiting orders that this stage reads."""
    return OrdersItem.waiting if writes_packed() else OrdersItem.queue_index


def find_orders(order_ids: Iterable[str], *, consistent: bool = False) -> dict[str, Order]:
    """Orders by id, a hundred in a request; unless `consistent`, they may be a moment old."""
    keys = [(order_id, ORDER) for order_id in dict.fromkeys(order_ids)]
    found = OrderItem.batch_get(keys, consistent_read=consistent)
    return {item.pk: item.value() for item in found}


def find_each(order_ids: list[str]) -> dict[str, Order | Unreadable]:
    """Orders by id; for an unreadable one, the error that names it."""
    found: dict[str, Order | Unreadable] = {}
    for order_id, item in OrderItem.read_each([(each, ORDER) for each in order_ids]):
        try:
            found[order_id] = item if isinstance(item, Unreadable) else item.value()
        except Unreadable as error:
            found[order_id] = error
    return found


def of_member(
    scope: str,
    asked: PageQuery,
    member_id: str,
    *,
    status: str | None = None,
    leave_out_unreadable: bool = False,
) -> Page[Order]:
    """A member's orders under all their ids, newest first, in one state if it is given.

    Raises InvalidCursor, Unreadable.
    """
    entries_of = of_owners(members.ids_of(member_id))

    def query(limit: int, last_evaluated_key: Any) -> _Orders:
        entries = entries_of(
            last_evaluated_key=last_evaluated_key,
            page_size=FILTERED_PAGE if status else limit,
            filter_condition=_may_be(status) if status else None,
        )
        keys = ("member_id", "placed")
        return _Orders(entries, keys, limit, lambda order: status in (None, order.status))

    return page(scope, asked, query, lambda order: order, leave_out_unreadable=leave_out_unreadable)


def count_reviews() -> dict[str, SomeOf]:
    """How many orders wait in each state of the review, as it was a moment ago."""
    index_name = waiting_index().Meta.index_name
    return {each: OrdersItem.count_some(each, index_name=index_name) for each in REVIEW_QUEUES}


def _may_be(status: str) -> Condition:
    """The condition on index entries of orders in this state.

    The entry of an order that an earlier release ended has no mark: it may be in any state.
    """
    unknown: Condition = OrdersItem.ended.does_not_exist()
    return unknown | (OrdersItem.ended == status) if status in ENDED else unknown


class _Orders(Iterator[Order]):
    """The orders of an index's entries, read a batch at a time."""

    def __init__(
        self,
        entries: Iterator[Any],
        keys: tuple[str, ...],
        batch: int,
        is_wanted: Callable[[Order], bool],
    ) -> None:
        self.last_evaluated_key: Key | None = None
        self._entries, self._keys, self._batch = entries, ("pk", "sk", *keys), batch
        self._is_wanted = is_wanted
        self._read: deque[tuple[Key, Order | Unreadable]] = deque()

    def __next__(self) -> Order:
        while True:
            if not self._read:
                self._read_on()
                continue
            self.last_evaluated_key, found = self._read.popleft()
            if isinstance(found, Unreadable):
                raise found
            if self._is_wanted(found):
                return found

    def _read_on(self) -> None:
        """Raises StopIteration."""
        entries = list(islice(self._entries, self._batch))
        if not entries:
            raise StopIteration
        found = find_each([entry.pk for entry in entries])
        for entry in entries:
            if entry.pk in found:
                key = {name: {"S": getattr(entry, name)} for name in self._keys}
                self._read.append((key, found[entry.pk]))
