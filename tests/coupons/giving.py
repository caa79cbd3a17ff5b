"""Coupons in tests: templates as ops publish them, coupons given by the use case."""

from __future__ import annotations

from typing import Any

from chalicelib import coupons
from chalicelib.audit import Act, Actor
from chalicelib.coupons.actions.giving import grant_now
from chalicelib.coupons.actions.templates import create_template, move_template
from chalicelib.coupons.queries.templates import counts
from chalicelib.coupons.rules.templates import PUBLISHED, CouponTitle, Template
from chalicelib.coupons.rules.terms import Terms
from chalicelib.kernel import clock, ids
from tests.api import new_key

TITLE = CouponTitle("满百减十", "10 off 100")
TEN_OFF = Terms(kind="amount_off", amount=1000)


def an_act(name: str, subject: str) -> Act:
    actor = Actor(ids.new_id("mbr"), frozenset({"ops"}), None, new_key())
    return Act(ids.new_id("act"), name, subject, actor, clock.to_ms(clock.now()))


def template(terms: Terms = TEN_OFF, *, status: str = PUBLISHED, **other: Any) -> Template:
    """A template as ops made and published it."""
    now_ms = clock.to_ms(clock.now())
    other.setdefault("days", None if other.get("until_ms") else 30)
    draft = Template(
        id=ids.new_id("ctp"),
        version=1,
        status="draft",
        title=TITLE,
        terms=terms,
        created_at_ms=now_ms,
        content=new_key().encode(),
        **other,
    )
    create_template(draft, an_act("coupon_template.create", draft.id))
    if status != PUBLISHED:
        return draft
    act = an_act("coupon_template.publish", draft.id)
    return move_template(draft.id, PUBLISHED, 1, now_ms, act)


def a_coupon(member_id: str, terms: Terms = TEN_OFF, **other: Any) -> coupons.Coupon:
    """A coupon of a member, of a template of its own."""
    made = template(terms, **other)
    coupon, _ = grant_now(made.id, member_id, f"test:{new_key()}", clock.now())
    return coupon


def given(made: Template) -> int:
    return counts(made).given


def left(made: Template) -> int | None:
    return counts(made).left
