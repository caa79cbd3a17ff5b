"""What earns points, and the checks of a partner's signature: pure functions."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.errors import SignatureExpired, SignatureInvalid
from chalicelib.kernel.clock import end_of_month_after
from chalicelib.kernel.errors import Words

TOLERANCE_S = 300
_SIGNATURE = re.compile(r"t=([0-9]{1,12})((?:,v1=[0-9a-f]{64}){1,4})\Z")


@dataclass(frozen=True)
class EarningRule:
    """So many points for each full `per_minor_units` of money, floored once per order."""

    id: str
    points: int
    per_minor_units: int
    expires_after_months: int
    title: Words
    words: Words


PURCHASES = EarningRule(
    id="purchases",
    points=1,
    per_minor_units=100,
    expires_after_months=12,
    title=Words("购物得积分", "Points for purchases"),
    words=Words(
        "在合作商店消费，每满 1 元得 1 积分；积分在 12 个月后的月底到期。",
        "Every full yuan that you spend at our shops earns 1 point; "
        "points lapse at the end of the month 12 months on.",
    ),
)

MATCHED, OTHER_CURRENCY, TOO_SMALL = "matched", "other_currency", "below_one_point"


@dataclass(frozen=True)
class Decision:
    """What an event earns by today's rules, kept with it for good."""

    rule_id: str
    points: int
    reason: str


def decide(amount: int, currency: str, program_currency: str) -> Decision:
    """What an order of `amount` minor units earns."""
    if currency != program_currency:
        return Decision(PURCHASES.id, 0, OTHER_CURRENCY)
    points = amount // PURCHASES.per_minor_units * PURCHASES.points
    return Decision(PURCHASES.id, points, MATCHED if points else TOO_SMALL)


def expires_at(now: datetime) -> int:
    """When points credited now lapse, in epoch seconds: at a month's end of the program."""
    return int(end_of_month_after(now, PURCHASES.expires_after_months).timestamp())


def sign(secret: str, at_s: int, body: bytes) -> str:
    """The hex HMAC-SHA256 of "{t}.{body}"."""
    return hmac.new(secret.encode(), b"%d." % at_s + body, hashlib.sha256).hexdigest()


def check_signature(header: str, body: bytes, secrets: Iterable[str], machine_s: int) -> None:
    """Check `t=<unix seconds>,v1=<hex>` against any live secret; several v1 may stand.

    Raises SignatureInvalid, SignatureExpired.
    """
    found = _SIGNATURE.match(header)
    if not found:
        raise SignatureInvalid()
    at_s = int(found.group(1))
    given = [part.removeprefix("v1=") for part in found.group(2).split(",") if part]
    good = False
    for secret in secrets:
        wanted = sign(secret, at_s, body)
        for signature in given:
            good |= hmac.compare_digest(wanted, signature)
    if not good:
        raise SignatureInvalid()
    if abs(machine_s - at_s) > TOLERANCE_S:
        raise SignatureExpired()
