"""Rewards: what missions, boards, campaigns and lotteries give, at once or after a period.

A promise says what a reward is worth now. What was given of it moves towards that: upwards once it
is due, downwards at once, at what was paid and never at today's terms.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta
from msgspec.structs import astuple, replace

from chalicelib.campaigns.rules.periods import period_of
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import ID, SkuCode
from chalicelib.kernel.texts import kind as text_of
from chalicelib.ledger import GROWTH, POINTS, REBATE_CASH

Kind = Literal["points", "growth", "rebate_cash", "coupon", "gift"]
When = Literal["now", "month", "quarter"]
State = Literal["coming", "paid", "undone", "taken_back", "refused"]
COMING: State = "coming"
PAID: State = "paid"
UNDONE: State = "undone"
TAKEN_BACK: State = "taken_back"
REFUSED: State = "refused"
UNITS = (POINTS, GROWTH, REBATE_CASH)
MOST = 10_000_000

Amount = Annotated[int, Meta(ge=0, le=MOST)]
TemplateId = Annotated[str, text_of(64, pasted, ID)]


class Reward(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`amount` points, growth or minor units of rebate cash; or a coupon of a template, which for a
    gift is of the kind `gift`. `when`: at once, or after the month or quarter that it fell into.
    """

    kind: Kind
    amount: Amount = 0
    template_id: TemplateId | None = None
    sku: SkuCode | None = None
    when: When = "now"

    @property
    def worth(self) -> int:
        """What a whole reward counts: its amount, or one coupon."""
        return self.amount if self.kind in UNITS else 1


class Sums(msgspec.Struct, frozen=True, array_like=True):
    """Of a period's rewards: those that are worth something, and their worth; those of which
    something is paid, and how much; those that were refused."""

    earned: int = 0
    worth: int = 0
    paid: int = 0
    amount: int = 0
    refused: int = 0

    def plus(self, other: Sums, sign: int = 1) -> Sums:
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Sums(*(one + sign * more for one, more in pairs))


class Given(msgspec.Struct, frozen=True, array_like=True):
    """A payment of a reward: its number, and how much of it has not been taken back."""

    number: int
    amount: int


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """A reward that a member has earned under a reference, of which `amount` is due now.

    `source` names what gave it (`mission:mis_…`). `period` is that of its closing run. `taken`
    counts what was taken back. `refused` says why it cannot be paid. `paid_to` is who got it.
    """

    member_id: str
    reference: str
    reward: Reward
    source: str
    amount: int
    at_ms: int
    due_at_ms: int
    period: str | None = None
    given: tuple[Given, ...] = ()
    taken: int = 0
    paid_to: str | None = None
    refused: str | None = None
    changed_at_ms: int = 0
    noted: Sums = Sums()
    version: int = 0

    @property
    def paid(self) -> int:
        """What the member has of it."""
        return sum(each.amount for each in self.given)

    @property
    def state(self) -> State:
        if self.refused is not None:
            return REFUSED
        if self.amount == 0:
            return TAKEN_BACK if self.taken else UNDONE
        return PAID if self.amount == self.paid else COMING

    @property
    def counted(self) -> Sums:
        """What it counts in the sums of its period; `noted` is what they have of it."""
        is_refused = int(self.state == REFUSED)
        return Sums(int(self.amount > 0), self.amount, int(self.paid > 0), self.paid, is_refused)

    @property
    def next_at_ms(self) -> int | None:
        """When something is to be done about it: a payment once it is due, else at once."""
        if self.period is not None and self.noted != self.counted:
            return self.changed_at_ms or self.at_ms
        if self.refused is not None or self.amount == self.paid:
            return None
        return self.due_at_ms if self.amount > self.paid else self.changed_at_ms


class Back(NamedTuple):
    """Take so much of a payment back."""

    number: int
    amount: int


def promise(
    member_id: str, reference: str, reward: Reward, source: str, at: datetime, zone: tzinfo
) -> Promise:
    """The whole reward, as it is earned."""
    at_ms = to_ms(at)
    period = None if reward.when == "now" else period_of(reward.when, at, zone)
    return Promise(
        member_id=member_id,
        reference=reference,
        reward=reward,
        source=source,
        amount=reward.worth,
        at_ms=at_ms,
        due_at_ms=period.until_ms if period else at_ms,
        period=period.name if period else None,
    )


def worth(seen: Promise, amount: int, now_ms: int) -> Promise:
    """The promise when its reward is worth another amount; one that was refused may be paid now.

    What was paid in a coupon stays with the member, so no refund and new purchase brings another.
    """
    if seen.reward.kind == "coupon":
        amount = max(amount, seen.paid)
    return replace(
        seen, amount=amount, refused=None, changed_at_ms=now_ms, version=seen.version + 1
    )


def more_to_pay(seen: Promise, now_ms: int) -> int:
    """How much is to be paid now."""
    is_payable = seen.refused is None and seen.due_at_ms <= now_ms
    return max(0, seen.amount - seen.paid) if is_payable else 0


def to_take(seen: Promise) -> list[Back]:
    """What is to be taken back, of the last payments first."""
    left = seen.paid - seen.amount
    found = []
    for each in reversed(seen.given):
        some = min(left, each.amount)
        if some > 0:
            found.append(Back(each.number, some))
            left -= some
    return found


def after_payment(seen: Promise, amount: int, paid_to: str, now_ms: int) -> Promise:
    given = (*seen.given, Given(next_number(seen), amount))
    return replace(
        seen, given=given, paid_to=paid_to, changed_at_ms=now_ms, version=seen.version + 1
    )


def after_taking(seen: Promise, taken: list[Back], now_ms: int) -> Promise:
    gone = {each.number: each.amount for each in taken}
    given = tuple(Given(each.number, each.amount - gone.get(each.number, 0)) for each in seen.given)
    more = sum(gone.values())
    return replace(
        seen,
        given=given,
        taken=seen.taken + more,
        changed_at_ms=now_ms,
        version=seen.version + 1,
    )


def after_refusal(seen: Promise, code: str, now_ms: int) -> Promise:
    return replace(seen, refused=code, changed_at_ms=now_ms, version=seen.version + 1)


def again(seen: Promise) -> Promise:
    """One that was refused, to be paid now."""
    return replace(seen, refused=None, version=seen.version + 1)


def noted(seen: Promise) -> Promise:
    """The promise once the sums of its period know of it."""
    return replace(seen, noted=seen.counted, version=seen.version + 1)


def next_number(seen: Promise) -> int:
    """The number of the next payment."""
    return 1 + max((each.number for each in seen.given), default=0)


def entry_reference(seen: Promise, number: int) -> str:
    """The reference of a payment's entry."""
    return f"reward:{seen.reference}:{number}"


def back_reference(seen: Promise, back: Back) -> str:
    """The reference of the entry that takes some back; `version` is new for each."""
    return f"{entry_reference(seen, back.number)}:back:{seen.version}"


_COUPONS = ("coupon", "gift")
_REQUIRED = Words("必填", "is required")
_NOT_OF_KIND = Words("该类奖励没有此项", "does not belong to a reward of this kind")


def check_reward(reward: Reward, field: str = "reward") -> None:
    """Raises Invalid naming what a reward of its kind lacks, or must not have."""
    wrong = []
    is_coupon = reward.kind in _COUPONS
    if is_coupon and reward.template_id is None:
        wrong.append(FieldError(f"{field}.template_id", "required", _REQUIRED))
    if not is_coupon and reward.template_id is not None:
        wrong.append(FieldError(f"{field}.template_id", "not_of_kind", _NOT_OF_KIND))
    if is_coupon and reward.amount:
        wrong.append(FieldError(f"{field}.amount", "not_of_kind", _NOT_OF_KIND))
    if not is_coupon and not reward.amount:
        wrong.append(FieldError(f"{field}.amount", "too_small", Words("至少为 1", "at least 1")))
    if reward.sku is not None and reward.kind != "gift":
        wrong.append(FieldError(f"{field}.sku", "not_of_kind", _NOT_OF_KIND))
    if wrong:
        raise Invalid(*wrong)
