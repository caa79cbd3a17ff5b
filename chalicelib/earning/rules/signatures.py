"""Signatures of partners' calls."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chalicelib.earning.errors import SignatureExpired, SignatureInvalid
from chalicelib.kernel.signatures import is_signed, is_timely

_SIGNATURE = re.compile(r"t=([0-9]{1,12})((?:,v1=[0-9a-f]{64}){1,4})\Z")


def check_signature(header: str, body: bytes, secrets: Iterable[str], machine_s: int) -> None:
    """Check `t=<unix seconds>,v1=<hex>` against any live secret; several v1 may be given.

    Raises SignatureInvalid, SignatureExpired.
    """
    found = _SIGNATURE.match(header)
    if not found:
        raise SignatureInvalid()
    at_s = int(found.group(1))
    given = [part.removeprefix("v1=") for part in found.group(2).split(",") if part]
    if not is_signed(body, at_s, given, secrets):
        raise SignatureInvalid()
    if not is_timely(at_s, machine_s):
        raise SignatureExpired()
