"""Acts of tasks on the scene: check-ins, claims and referrals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.earning.actions import check_ins, claims, referrals
from chalicelib.earning.actions.claims import Asked
from chalicelib.earning.queries.referrals import referral_of
from chalicelib.earning.rules import referrals as rules
from chalicelib.earning.rules.referrals import Referral, Seen
from chalicelib.earning.rules.tasks import ReferralTerms, Task, TaskText, TaskTitle
from chalicelib.earning.tables.referrals import DueReferralItem, ReferralItem
from chalicelib.earning.tables.tasks import ProgressItem, TaskItem
from chalicelib.kernel import clock
from chalicelib.kernel.clock import from_ms, to_ms
from chalicelib.members.tables.items import ProfileItem
from tests.faults.scene import Scene

WINDOW = timedelta(days=16)
TITLE = TaskTitle("任务", "Task")


def check_in(scene: Scene) -> Any:
    done, _ = check_ins.check_in(scene.member, scene.named("check-in"), clock.now())
    return done.streak_days, done.points


def make_up(scene: Scene) -> Any:
    day = clock.program_day(clock.now()) - timedelta(days=1)
    made, _ = check_ins.make_up(scene.member, day, scene.named("make-up"), clock.now())
    return made


def be_asked(scene: Scene) -> None:
    """A survey that the member has answered is to be claimed."""
    task = _task(scene, "survey")
    TaskItem.of(task).save()
    claims.complete_survey(scene.member, task.id, "answered", clock.now())


def be_offered(scene: Scene) -> None:
    TaskItem.of(_task(scene, "survey")).save()


def answer(scene: Scene) -> Any:
    claims.complete_survey(scene.member, scene.named("tsk_survey"), "answered", clock.now())
    done = ProgressItem.find_value(ProgressItem.partition(scene.member), scene.named("tsk_survey"))
    return done.done


def claim(scene: Scene) -> Any:
    asked = Asked(f"clm_{scene.key}", b"0" * 12, scene.member, scene.named("tsk_survey"))
    item, _ = claims.claim(asked, clock.now())
    return item.id, item.points


def be_invited(scene: Scene) -> None:
    """The friend came by the member's code, and an order of theirs waits for its time."""
    ProfileItem.key(scene.friend).update([ProfileItem.referred_by.set(scene.member)])
    seen = referral_of(scene.friend)
    assert seen is not None
    known = rules.with_order(seen, _order(seen))
    waiting = rules.next_of(seen, rules.moved(known, _task(scene, "referral")))
    ReferralItem.of(waiting).save()
    DueReferralItem.of(waiting).save()


def be_paid(scene: Scene) -> None:
    be_invited(scene)
    _pay(scene, from_ms(to_ms(clock.now()) + int(WINDOW.total_seconds()) * 1000))


def pay(scene: Scene) -> Any:
    return _pay(scene, clock.now())


def refund(scene: Scene) -> Any:
    seen = referral_of(scene.friend)
    assert seen is not None
    gone = _order(seen)
    back = Seen(gone.order, gone.paid_at_ms, gone.paid, gone.paid)
    referrals.note_order(scene.friend, back, clock.now())
    return _state(scene)


def _pay(scene: Scene, now: Any) -> Any:
    seen = referral_of(scene.friend)
    assert seen is not None
    referrals.pay_referral(seen.referrer_id, seen.friend_id, seen.joined_at_ms, now)
    return _state(scene)


def _state(scene: Scene) -> Any:
    seen = referral_of(scene.friend)
    assert seen is not None
    return seen.state, seen.points, seen.friend_points


def _order(seen: Referral) -> Seen:
    return Seen("mall:ord_faults", seen.joined_at_ms + 1, 5000)


def _task(scene: Scene, kind: str) -> Task:
    return Task(
        id=scene.named(f"tsk_{kind}"),
        version=1,
        kind="referral" if kind == "referral" else "survey",
        status="published",
        title=TITLE,
        text=TaskText(),
        points=100,
        link="/survey" if kind == "survey" else None,
        referral=ReferralTerms(50, 1000, 15) if kind == "referral" else None,
    )
