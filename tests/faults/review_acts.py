"""Acts on reviews of a completed order of the scene: written, moderated, found helpful."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.orders.actions import helpful, reviews
from chalicelib.orders.queries.reviews import review_id_of
from chalicelib.orders.rules.reviews import Review, ReviewAct, Written
from tests.faults import voucher_acts
from tests.faults.payment_acts import audited, digest
from tests.faults.scene import Scene


def be_had(scene: Scene) -> None:
    voucher_acts.be_handed_out(scene)


def be_written(scene: Scene) -> None:
    be_had(scene)
    write(scene)


def be_published(scene: Scene) -> None:
    be_written(scene)
    publish(scene)


def be_hidden(scene: Scene) -> None:
    be_published(scene)
    hide(scene)


def be_helpful(scene: Scene) -> None:
    be_published(scene)
    mark(scene)


def write(scene: Scene) -> Any:
    return _write(scene, "review", 5)


def write_otherwise(scene: Scene) -> Any:
    """The same line under another key."""
    return _write(scene, "another review", 1)


def publish(scene: Scene) -> Any:
    return _act(scene, "publish", None)


def hide(scene: Scene) -> Any:
    return _act(scene, "hide", "广告")


def reply(scene: Scene) -> Any:
    return _act(scene, "reply", "谢谢")


def mark(scene: Scene) -> Any:
    return helpful.mark_helpful(_id(scene), scene.member)[0].id


def mark_too(scene: Scene) -> Any:
    return helpful.mark_helpful(_id(scene), scene.friend)[0].id


def unmark(scene: Scene) -> Any:
    return helpful.unmark_helpful(_id(scene), scene.member)[0].id


def _write(scene: Scene, name: str, rating: int) -> Any:
    written = Written(
        order_id=voucher_acts.order_of(scene),
        member_id=scene.payer,
        sku=scene.vouchers,
        rating=rating,
        text="很好",
        created_at_ms=to_ms(clock.now()),
        made_by=digest(scene, f"{name} key"),
        content=digest(scene, name),
    )
    return _told(reviews.write_review(written)[0])


def _act(scene: Scene, name: str, text: str | None) -> Any:
    act = ReviewAct(name, "mbr_ops", to_ms(clock.now()), digest(scene, text or ""))
    made, _ = reviews.act_on_review(_id(scene), act, text, audited(scene, f"{name} a review"))
    return made.id


def _told(review: Review) -> Any:
    return review.id, review.rating


def _id(scene: Scene) -> str:
    return review_id_of(voucher_acts.order_of(scene), scene.vouchers)
