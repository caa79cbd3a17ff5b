"""Codes by which members invite others."""

from __future__ import annotations

import secrets
from typing import Annotated, Literal, NamedTuple

from chalicelib.kernel.spelling import unspaced_capitals
from chalicelib.kernel.texts import ALNUM, kind

# Without 0 and O, 1, I and L, 2 and Z, 5 and S, 8 and B: nobody mistakes one for another.
LETTERS = "34679ACDEFGHJKMNPQRTUVWXY"
LENGTH = 8

ReferralCode = Annotated[str, kind(20, unspaced_capitals, ALNUM)]
# What became of the code that came with a login.
Outcome = Literal["applied", "after_registration", "own_code", "unknown_code"]
APPLIED: Outcome = "applied"
AFTER_REGISTRATION: Outcome = "after_registration"
OWN_CODE: Outcome = "own_code"
UNKNOWN_CODE: Outcome = "unknown_code"


class Invited(NamedTuple):
    """Who invited a new member, and what became of the code that they brought."""

    by: str | None = None
    outcome: Outcome | None = None


class ReferredBy(NamedTuple):
    """Who invited a member, and when the member registered, in epoch ms."""

    referrer_id: str
    at_ms: int


def new_code() -> str:
    """A code out of 1.5e11: the put of one that is taken is refused, and another is made."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
