"""The functions of coupons: the relay of their stream, and the sweep of what is due."""

from __future__ import annotations

from typing import Any, TypeVar

from chalice.app import Blueprint, CloudWatchEvent, DynamoDBEvent, Rate

from chalicelib.coupons.actions import sweeping
from chalicelib.coupons.facts import (
    CouponFact,
    CouponGranted,
    CouponLapsing,
    CouponReceived,
    CouponReturned,
    CouponWasUsed,
)
from chalicelib.coupons.rules.coupons import AVAILABLE, RESERVED, TRANSFERRED, USED
from chalicelib.coupons.tables.coupons import COUPON, CouponItem
from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.streams import Change, relay, source_arn
from chalicelib.kernel.store.tables import from_stream

events = Blueprint(__name__)
F = TypeVar("F", bound=CouponFact)


@events.on_dynamodb_record(stream_arn=source_arn("coupons"), name="coupons_relay")
def coupons_relay(event: DynamoDBEvent) -> dict[str, Any]:
    return relay(event, facts_of)


@events.schedule(Rate(5, unit=Rate.MINUTES), name="sweep_coupons")
def sweep_coupons(_: CloudWatchEvent) -> dict[str, int]:
    """Remind members of coupons that lapse soon, write down what has lapsed, go on with jobs.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    return sweeping.sweep_coupons(clock.now())


def facts_of(change: Change) -> list[Fact[Any]]:
    """What a change of a coupon tells."""
    if change.after is None or not change.keys[0].startswith(COUPON):
        return []
    coupon: CouponItem = from_stream(CouponItem, change.after)
    if change.before is None:
        told = _told(CouponGranted, coupon, source=coupon.source)
        return [_fact(told, coupon, coupon.created_at)]
    made = _change_of(from_stream(CouponItem, change.before), coupon, change.at_s * 1000)
    return [] if made is None else [made]


def _change_of(before: CouponItem, coupon: CouponItem, at_ms: int) -> Fact[Any] | None:
    if coupon.reminded_at != before.reminded_at:
        return _fact(_told(CouponLapsing, coupon), coupon, coupon.reminded_at or at_ms)
    if coupon.member_id != before.member_id:
        return _fact(_told(CouponReceived, coupon), coupon, at_ms)
    if coupon.status == USED and before.status != USED:
        used_at = coupon.used_at or at_ms
        by, at = coupon.holder or "", rfc3339_ms(used_at)
        return _fact(_told(CouponWasUsed, coupon, used_by=by, used_at=at), coupon, used_at)
    if coupon.status == AVAILABLE and before.status in (RESERVED, USED, TRANSFERRED):
        return _fact(_told(CouponReturned, coupon), coupon, at_ms)
    return None


def _fact(told: F, coupon: CouponItem, at_ms: int) -> Fact[F]:
    number = f"{coupon.version}:{coupon.reminded_at or 0}"
    return Fact.of(f"{told.TYPE}:{coupon.sk}:{number}", rfc3339_ms(at_ms), told)


def _told(kind: type[F], coupon: CouponItem, **more: str) -> F:
    return kind(
        coupon_id=coupon.sk,
        template_id=coupon.template_id,
        member_id=coupon.member_id,
        title=coupon.title or {},
        valid_until=rfc3339_ms(coupon.valid_until),
        **more,
    )
