"""Acts on coupons of the scene: got, reserved, used, given back and given away."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

from chalicelib import coupons
from chalicelib.coupons.actions import claims, codes, reservations, sweeping, transfers
from chalicelib.coupons.actions.giving import grant_now
from chalicelib.coupons.actions.reservations import Sale
from chalicelib.coupons.actions.transfers import CouponGift
from chalicelib.coupons.queries.coupons import find_coupon, get_coupon
from chalicelib.coupons.rules.codes import Code, written
from chalicelib.coupons.rules.jobs import CODES, CouponJob
from chalicelib.coupons.rules.templates import PUBLISHED, CouponTitle, Template
from chalicelib.coupons.rules.terms import Terms
from chalicelib.coupons.tables.jobs import BatchItem, JobItem
from chalicelib.coupons.tables.templates import CountItem, TemplateItem
from chalicelib.kernel import clock, ids
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from tests.faults.scene import Scene

PRICE, TOTAL, NUMBER = 60, 5, 77
LATE = timedelta(days=1)
LAPSED = timedelta(days=40)


@contextmanager
def one_shard() -> Iterator[None]:
    """Which shard counts a coupon is left to chance: here it is the first."""
    with patch.object(random, "randrange", return_value=0):
        yield


def _id(scene: Scene, prefix: str, name: str) -> str:
    return ids.derived_id(prefix, "faults", scene.key, name)


def _offered(scene: Scene, price: int) -> str:
    template = Template(
        id=_id(scene, "ctp", "template"),
        version=1,
        status=PUBLISHED,
        title=CouponTitle("减十元", "10 off"),
        terms=Terms(kind="amount_off", amount=1000),
        days=30,
        total=TOTAL,
        price_points=price,
        transferable=True,
        usable_in_shops=True,
        created_at_ms=to_ms(scene.set_at),
        published_at_ms=to_ms(scene.set_at),
        content=b"0" * 12,
    )
    TemplateItem.now(template).save()
    TemplateItem.kept(template).save()
    count = CountItem.key(template.id, 0)
    count.given, count.left = 0, TOTAL
    count.save()
    return template.id


def be_offered(scene: Scene) -> None:
    _offered(scene, 0)


def be_sold(scene: Scene) -> None:
    _offered(scene, PRICE)


def be_given(scene: Scene) -> None:
    """The member has a coupon."""
    _offered(scene, 0)
    claim(scene)


def be_coded(scene: Scene) -> None:
    """The template has a batch of codes."""
    template_id = _offered(scene, 0)
    job = CouponJob(
        id=_id(scene, "job", "batch"),
        job_kind=CODES,
        template_id=template_id,
        size=3,
        created_at_ms=to_ms(scene.set_at),
        made_by="mbr_ops",
        content=b"0" * 12,
        number=NUMBER,
    )
    JobItem.of(job).save()
    batch = BatchItem.key(NUMBER)
    batch.job_id = job.id
    batch.save()


def coupon_of(scene: Scene) -> str:
    return _id(scene, "cpn", "claim")


def state(scene: Scene) -> Any:
    found = find_coupon(coupon_of(scene))
    assert found is not None
    return found.status, found.holder, found.member_id


def claim(scene: Scene, by: str | None = None) -> Any:
    template_id, member_id = _id(scene, "ctp", "template"), by or scene.member
    with one_shard():
        coupon, _ = claims.claim(coupon_of(scene), template_id, member_id, b"0" * 12, clock.now())
    return coupon.id, coupon.created_at_ms


def grant(scene: Scene) -> Any:
    with one_shard():
        coupon, _ = grant_now(
            _id(scene, "ctp", "template"), scene.member, scene.named("reward"), clock.now()
        )
    return coupon.id


def redeem_code(scene: Scene) -> Any:
    text = written(Code(NUMBER, 1), codes.mac_of)
    with one_shard():
        made, _ = codes.redeem(text, coupon_of(scene), scene.member, b"0" * 12, clock.now())
    return made.id


def _in_one(add: Callable[[WriteSet], object]) -> None:
    """An order's transaction, which a retry finds done."""

    def write() -> None:
        writes = WriteSet()
        add(writes)
        if len(writes):
            writes.commit()

    with_fresh_reads(write)


def reserve(scene: Scene) -> Any:
    _in_one(partial(_hold, scene))
    return state(scene)


def _hold(scene: Scene, writes: WriteSet) -> None:
    coupon = get_coupon(scene.member, coupon_of(scene))
    if coupon.holder != scene.order_id:
        coupons.reserve(writes, coupon, scene.order_id, clock.now())


def be_reserved(scene: Scene) -> None:
    be_given(scene)
    reserve(scene)


def use(scene: Scene) -> Any:
    coupon_id, order_id = coupon_of(scene), scene.order_id
    _in_one(lambda writes: coupons.use_reserved(writes, coupon_id, order_id, scene.set_at))
    return state(scene)


def give_back(scene: Scene) -> Any:
    coupon_id, order_id = coupon_of(scene), scene.order_id
    _in_one(lambda writes: coupons.give_back(writes, coupon_id, scene.member, order_id))
    return state(scene)


def transfer(scene: Scene) -> Any:
    return _send(scene, member_id=scene.friend)


def transfer_to_nobody(scene: Scene) -> Any:
    return _send(scene, claimant=scene.named("nobody"))


def _send(scene: Scene, **to: Any) -> Any:
    gift = CouponGift(
        id=_id(scene, "ctr", "gift"),
        coupon_id=coupon_of(scene),
        sender=scene.member,
        content=b"0" * 12,
        **to,
    )
    made, _ = transfers.send(gift, clock.now())
    return made.id, made.status, state(scene)


def be_sent(scene: Scene) -> None:
    be_given(scene)
    transfer_to_nobody(scene)


def receive(scene: Scene) -> Any:
    transfers.claim_gifts(scene.named("nobody"), scene.friend, clock.now())
    return state(scene)


def return_gift(scene: Scene) -> Any:
    transfers.settle(_id(scene, "ctr", "gift"), None, clock.now())
    return state(scene)


def reserve_in_shop(scene: Scene) -> Any:
    coupon = find_coupon(coupon_of(scene))
    assert coupon is not None
    sale = Sale(f"shop-1:{scene.key}", 5000, (), 900, b"0" * 12)
    made, _ = reservations.reserve_in_shop(coupon.code, sale, clock.now())
    return made.status, made.saved


def be_held_by_a_shop(scene: Scene) -> None:
    be_given(scene)
    reserve_in_shop(scene)


def redeem_in_shop(scene: Scene) -> Any:
    coupon = find_coupon(coupon_of(scene))
    assert coupon is not None
    sale = f"shop-1:{scene.key}"
    made, _ = reservations.end_in_shop(coupon.code, sale, "redeemed", clock.now())
    return made.status, state(scene)


def time_out(scene: Scene) -> Any:
    reservations.time_out(f"shop-1:{scene.key}", clock.now())
    return state(scene)


def lapse(scene: Scene) -> Any:
    sweeping.settle(coupon_of(scene), clock.now())
    return state(scene)


def merge(scene: Scene) -> Any:
    coupons.join_of(scene.member, scene.friend)
    return state(scene)
