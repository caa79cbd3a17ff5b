"""Signed bodies: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "{t}.{body}">`, as Stripe signs its own.

Source: Stripe, "Check the webhook signatures".
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

TOLERANCE_S = 300


def sign(secret: str, at_s: int, body: bytes) -> str:
    """The hex HMAC-SHA256 of "{t}.{body}"."""
    return hmac.new(secret.encode(), b"%d." % at_s + body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, at_s: int, given: Iterable[str], secrets: Iterable[str]) -> bool:
    """Whether a given signature is that of a live secret; every pair is compared, in equal time."""
    good = False
    signatures = list(given)
    for secret in secrets:
        wanted = sign(secret, at_s, body)
        for signature in signatures:
            good |= hmac.compare_digest(wanted, signature)
    return good


def is_timely(at_s: int, machine_s: int) -> bool:
    """Whether it was signed within 300 seconds of the machine's time, before or after."""
    return abs(machine_s - at_s) <= TOLERANCE_S
