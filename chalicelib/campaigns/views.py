"""What partners and members see of earning."""

from __future__ import annotations

from typing import Literal

import msgspec

from chalicelib.ledger.views import EntryView

Status = Literal["applied", "duplicate", "unmatched"]
Reason = Literal["matched", "other_currency", "below_one_point"]


class WayToEarn(msgspec.Struct):
    """A rule in words for members."""

    rule_id: str
    title: str
    text: str


class Explained(msgspec.Struct):
    """Why a rule gave what it gave: `reason` is a stable code."""

    rule_id: str
    matched: bool
    points: int
    reason: Reason


class EventAnswer(msgspec.Struct):
    """What became of an event. `unmatched`: kept until its member registers."""

    id: str
    status: Status
    entries: list[EntryView]
    explain: list[Explained]


class EventAnswers(msgspec.Struct):
    """The answers to a batch, in its order."""

    events: list[EventAnswer]
