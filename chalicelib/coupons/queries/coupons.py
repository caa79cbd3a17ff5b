"""Reads of coupons: one by its id or its code, and those of a member."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.coupons.errors import CouponNotFound
from chalicelib.coupons.queries.templates import version_of
from chalicelib.coupons.rules.coupons import Coupon, Status, read_code
from chalicelib.coupons.tables.coupons import COUPON, HAD, MEMBER, CouponItem, HadItem, due_shards
from chalicelib.coupons.tables.items import CouponsItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.cursors import FILTERED_PAGE, Page, PageQuery, page
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.store.reads import ReadSet


def want_coupon(reads: ReadSet, member_id: str, coupon_id: str) -> Callable[[], Coupon | None]:
    """Want a member's coupon, in a caller's `ReadSet`.

    Returns a function that gives it after `read`, or None if the member has no such coupon.
    """
    if not is_id("cpn", coupon_id):
        return lambda: None
    key = CouponItem.key(coupon_id)
    found = reads.want(CouponItem, key.pk, key.sk)

    def coupon() -> Coupon | None:
        item = found()
        return with_terms(item) if item and item.member_id == member_id else None

    return coupon


def with_terms(item: CouponItem) -> Coupon:
    """The coupon of an item with the terms of its template's version, which a process remembers."""
    template = version_of(item.template_id, item.template_version)
    return item.value(template)


def find_coupon(coupon_id: str) -> Coupon | None:
    """A coupon, read consistently, whoever has it."""
    if not is_id("cpn", coupon_id):
        return None
    key = CouponItem.key(coupon_id)
    item: CouponItem | None = CouponItem.find(key.pk, key.sk)
    return with_terms(item) if item else None


def get_coupon(member_id: str, coupon_id: str) -> Coupon:
    """A member's coupon.

    Raises CouponNotFound.
    """
    found = find_coupon(coupon_id)
    if found is None or found.member_id != member_id:
        raise CouponNotFound()
    return found


def with_code(code: str) -> Coupon:
    """The coupon of a code that a member shows at a shop.

    Raises CouponNotFound.
    """
    rows = CouponItem.query(COUPON + read_code(code), consistent_read=True, limit=2)
    found = list(rows)
    if len(found) != 1:
        raise CouponNotFound()
    return with_terms(found[0])


def coupons_of(
    member_id: str, status: Status | None, asked: PageQuery, now: datetime
) -> Page[Coupon]:
    """A page of a member's coupons that are in a state now, the newest first.

    Raises InvalidCursor.
    """
    now_ms = to_ms(now)
    query = partial(_Filtered, member_id, status, now_ms)
    return page(f"coupons|{member_id}|{status}", asked, query, lambda coupon: coupon)


class _Filtered(Iterator[Coupon]):
    """A member's coupons in a state, as `cursors.page` reads a query."""

    def __init__(
        self,
        member_id: str,
        status: Status | None,
        now_ms: int,
        *,
        last_evaluated_key: Any = None,
        **_: Any,
    ) -> None:
        self._status, self._now_ms = status, now_ms
        self._rows = CouponsItem.listed.query(
            MEMBER + member_id,
            scan_index_forward=False,
            last_evaluated_key=last_evaluated_key,
            page_size=FILTERED_PAGE,
        )
        self._ready: list[tuple[Any, Coupon]] = []
        self.last_evaluated_key = last_evaluated_key

    def __next__(self) -> Coupon:
        while not self._ready:
            self._fill()
        self.last_evaluated_key, coupon = self._ready.pop(0)
        return coupon

    def _fill(self) -> None:
        rows = []
        for row in self._rows:
            rows.append(row)
            if len(rows) == FILTERED_PAGE:
                break
        if not rows:
            raise StopIteration
        items = {item.sk: item for item in CouponItem.batch_get([(r.pk, r.sk) for r in rows])}
        for row in rows:
            item = items.get(row.sk)
            if item is None:
                continue
            coupon = with_terms(item)
            if self._status in (None, coupon.status_at(self._now_ms)):
                self._ready.append((_place(row), coupon))


def _place(row: CouponsItem) -> dict[str, dict[str, str]]:
    names = ("pk", "sk", "list_name", "list_order")
    return {name: {"S": getattr(row, name)} for name in names}


def all_of(member_id: str) -> Iterator[Coupon]:
    """All coupons of a member, the newest first."""
    yield from _Filtered(member_id, None, 0)


def had_by(member_id: str) -> dict[str, int]:
    """How many coupons a member has got, by template, read consistently."""
    rows: Iterable[HadItem] = HadItem.query(
        MEMBER + member_id, HadItem.sk.startswith(HAD), consistent_read=True
    )
    return {row.sk.removeprefix(HAD): row.had for row in rows}


def due_coupons(now_s: int) -> Iterator[str]:
    """The coupons to look at by now."""
    for shard in due_shards():
        for item in CouponsItem.due.query(shard, CouponsItem.due_at <= now_s):
            yield item.sk
