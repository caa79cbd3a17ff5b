"""How partners sign what they send."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable

from chalicelib.campaigns.errors import SignatureExpired, SignatureInvalid

TOLERANCE_S = 300
_SIGNATURE = re.compile(r"t=([0-9]{1,12})((?:,v1=[0-9a-f]{64}){1,4})\Z")


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
