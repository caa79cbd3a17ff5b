"""Views of earning for partners and members."""

from __future__ import annotations

from typing import Literal, cast

import msgspec

from chalicelib.kernel.errors import JifenError
from chalicelib.kernel.web.http import FieldProblem, problem
from chalicelib.ledger import Balance, EntryView

Status = Literal["applied", "duplicate", "unmatched", "refused"]
Reason = Literal[
    "matched",
    "other_currency",
    "below_one_point",
    "refunded",
    "nothing_was_given",
    "waiting_for_payment",
    "unlocked",
    "nothing_pending",
]
HoldStatus = Literal["held", "captured", "released", "expired"]


class Explained(msgspec.Struct):
    """The decision of one rule: points given, or taken by a refund (negative). `reason` is a stable
    code.
    """

    rule_id: str
    matched: bool
    points: int
    reason: Reason


class Refusal(msgspec.Struct):
    """The refusal of an event of a batch: the same problem as for an event sent alone. Its extra
    members, such as `refundable`, are included.
    """

    code: str
    title: str
    detail: str
    errors: list[FieldProblem]


class EventAnswer(msgspec.Struct, omit_defaults=True):
    """The outcome of an event. `unmatched`: stored until its member registers, or, for a refund
    (`waiting_for_payment`), until its payment comes. `refused`, only in a batch: `error` tells why,
    and nothing is stored; `id` is null where no id can be read.
    """

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
    """A partner's hold; `captured` and `released` are its points once it has ended.

    The points of an expired hold return within minutes of `expires_at`.
    """

    id: str
    member_id: str
    status: HoldStatus
    points: int
    captured: int
    released: int
    expires_at: str


class PartnerMember(msgspec.Struct):
    """A member as partners see them; `points` is the member's balance."""

    member_id: str
    points: Balance
    status: str
