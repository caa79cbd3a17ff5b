"""Views of earning for partners and members."""

from __future__ import annotations

from typing import Literal, cast

import msgspec

from chalicelib.earning.rules import Decision, Outcome
from chalicelib.earning.rules.limits import BUDGET_EXHAUSTED, CAP_REACHED
from chalicelib.kernel.errors import JifenError
from chalicelib.kernel.web.http import FieldProblem, problem
from chalicelib.ledger import POINTS, Balance, EntryView

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
    "condition_not_met",
    "no_item_matched",
    "out_of_window",
    "no_amount",
    "lost_to_stacking",
    "nothing_to_multiply",
    "cap_reached",
    "budget_exhausted",
    "too_many_rules",
    "not_in_force",
]
HoldStatus = Literal["held", "captured", "released", "expired"]


class Explained(msgspec.Struct, omit_defaults=True):
    """The decision of one rule: points given, or taken by a refund (negative). `reason` is a stable
    code. `unit` is left out where it is points, and `version` of the built-in rule. `path` is the
    place in the rule that was not met, such as `when.all[1]`.
    """

    rule_id: str
    matched: bool
    points: int
    reason: Reason
    unit: str | None = None
    version: int = 0
    path: str | None = None


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


def explained(outcome: Outcome) -> list[Explained]:
    """The decisions of an outcome, then every other rule that was looked at, with its reason."""
    paths = {each.rule.id: each.path for each in outcome.verdicts}
    decided = {each.rule_id for each in outcome.decisions}
    others = [each.decision for each in outcome.verdicts if each.rule.id not in decided]
    return [
        Explained(
            made.rule_id,
            made.points != 0,
            made.points,
            cast(Reason, made.reason),
            None if made.unit == POINTS else made.unit,
            made.version,
            _path(made, paths.get(made.rule_id)),
        )
        for made in [*outcome.decisions, *others]
    ]


def _path(decision: Decision, path: str | None) -> str | None:
    return {CAP_REACHED: "caps", BUDGET_EXHAUSTED: "budget"}.get(decision.reason, path)


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
