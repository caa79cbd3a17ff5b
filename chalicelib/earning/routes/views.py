"""What partners and members see of earning."""

from __future__ import annotations

from typing import Literal, cast

import msgspec

from chalicelib.kernel.errors import JifenError
from chalicelib.kernel.web.http import FieldProblem, problem
from chalicelib.ledger import Balance, EntryView

Status = Literal["applied", "duplicate", "unmatched", "refused"]
Reason = Literal[
    "matched", "other_currency", "below_one_point",
    "refunded", "nothing_was_given", "waiting_for_payment", "unlocked", "nothing_pending",
]  # fmt: skip
HoldStatus = Literal["held", "captured", "released", "expired"]


class Explained(msgspec.Struct):
    """Why a rule gave what it gave, or a refund took (negative); `reason` is a stable code."""

    rule_id: str
    matched: bool
    points: int
    reason: Reason


class Refusal(msgspec.Struct):
    """Why an event of a batch was refused, as the problem of one sent alone would tell it: its
    facts, such as `refundable`, stand beside."""

    code: str
    title: str
    detail: str
    errors: list[FieldProblem]


class EventAnswer(msgspec.Struct, omit_defaults=True):
    """What became of an event. `unmatched`: kept until its member registers, or, a refund
    (`waiting_for_payment`), until its payment comes. `refused`, in a batch alone: `error` tells
    why, nothing is kept of it; `id` is null where it has none that can be read."""

    id: str | None
    status: Status
    entries: list[EntryView]
    explain: list[Explained]
    error: Refusal | None = None


def refusal_of(error: JifenError, language: str) -> Refusal:
    told = msgspec.json.decode(problem(error, language, "").body)
    said = {name: told[name] for name in told if name not in ("type", "status", "request_id")}
    return cast(Refusal, said)


class EventAnswers(msgspec.Struct):
    """The answers to a batch, in its order."""

    events: list[EventAnswer]


class HoldView(msgspec.Struct):
    """A hold at a shop's checkout; once it has ended, `captured` and `released` are its points.

    What timed out goes back within minutes of `expires_at`.
    """

    id: str
    member_id: str
    status: HoldStatus
    points: int
    captured: int
    released: int
    expires_at: str


class PartnerMember(msgspec.Struct):
    """What a shop sees of a member; `points` as the member sees them."""

    member_id: str
    points: Balance
    status: str
