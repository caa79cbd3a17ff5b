"""A member gets a coupon: how many there are and how many they had is counted in the same
transaction, exactly."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from pynamodb.expressions.condition import Condition

from chalicelib.coupons.errors import CouponExists, CouponLimitReached, CouponsGone
from chalicelib.coupons.queries.coupons import find_coupon
from chalicelib.coupons.queries.templates import want_shard
from chalicelib.coupons.rules.counts import Shard
from chalicelib.coupons.rules.coupons import Coupon
from chalicelib.coupons.rules.templates import Template, check_offered
from chalicelib.coupons.tables.coupons import CouponItem, HadItem
from chalicelib.coupons.tables.templates import NOW, TEMPLATE, CountItem, TemplateItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal


class Given(NamedTuple):
    """A coupon to give: its id, to whom, how they came by it, and the digest of the request."""

    coupon_id: str
    member_id: str
    source: str
    content: bytes | None = None


def grant(
    writes: WriteSet, template_id: str, member_id: str, reference: str, now: datetime
) -> Coupon:
    """Add that a member gets a coupon, once for a reference.

    Raises NotFound, CouponNotOffered, CouponsGone. The commit raises CouponLimitReached, Moved, and
    CouponExists if the reference has given one before.
    """
    template, shard = look(template_id)
    given = Given(granted_id(template_id, reference), member_id, reference)
    return give(writes, template, shard, given, now)


def grant_now(
    template_id: str, member_id: str, reference: str, now: datetime
) -> tuple[Coupon, bool]:
    """Give a member a coupon, once for a reference: (coupon, replayed).

    Raises NotFound, CouponNotOffered, CouponsGone, CouponLimitReached.
    """

    def write() -> Coupon:
        writes = WriteSet()
        coupon = grant(writes, template_id, member_id, reference, now)
        writes.commit()
        return coupon

    return replay_outranks_refusal(write, lambda: find_granted(template_id, reference))


def granted_id(template_id: str, reference: str) -> str:
    """The id of the coupon that a reference gives."""
    return derived_id("cpn", "grant", template_id, reference)


def find_granted(template_id: str, reference: str) -> Coupon | None:
    return find_coupon(granted_id(template_id, reference))


def look(template_id: str) -> tuple[Template, Shard]:
    """A template, and a shard of its counts, read consistently.

    Raises NotFound.
    """
    reads = ReadSet()
    find_item = reads.want(TemplateItem, TEMPLATE + template_id, NOW)
    find_shard = want_shard(reads, template_id)
    reads.read()
    return or_not_found(find_item()).value(), find_shard()


def give(
    writes: WriteSet,
    template: Template,
    shard: Shard,
    given: Given,
    now: datetime,
    *,
    counted: bool = True,
) -> Coupon:
    """Add a coupon with its counts; `counted` is False where a batch of codes has taken its own.

    Raises CouponNotOffered, CouponsGone.
    """
    check_offered(template, to_ms(now))
    coupon = new_coupon(template, given, now)
    writes.put_new(CouponItem.new(coupon), or_raise=CouponExists)
    _count_member(writes, template, given.member_id)
    if counted:
        _count(writes, template, shard)
    return coupon


def new_coupon(template: Template, given: Given, now: datetime) -> Coupon:
    valid_from_ms, valid_until_ms = template.validity(now)
    return Coupon(
        id=given.coupon_id,
        template_id=template.id,
        template_version=template.version,
        member_id=given.member_id,
        valid_from_ms=valid_from_ms,
        valid_until_ms=valid_until_ms,
        created_at_ms=to_ms(now),
        source=given.source,
        terms=template.terms,
        title_zh=template.title.zh,
        title_en=template.title.en,
        content=given.content,
    )


def _count(writes: WriteSet, template: Template, shard: Shard) -> None:
    """Raises CouponsGone."""
    changes = [CountItem.given.add(1)]
    condition: Condition = CountItem.left.does_not_exist()
    if template.total is not None:
        if not shard.left:
            raise CouponsGone()
        changes.append(CountItem.left.add(-1))
        condition = CountItem.left >= 1
    writes.update(CountItem.key(template.id, shard.number), changes, condition=condition)


def _count_member(writes: WriteSet, template: Template, member_id: str) -> None:
    most = template.per_member
    condition = None
    if most is not None:
        condition = HadItem.had.does_not_exist() | (HadItem.had < most)
    refusal = CouponLimitReached(per_member=most)
    key = HadItem.key(member_id, template.id)
    writes.update(key, [HadItem.had.add(1)], condition=condition, or_raise=refusal)
