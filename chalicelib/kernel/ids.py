"""Prefixed, opaque ids: random ones, and ones that follow from a caller's idempotency key."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

# Sessions of the first release have digits that `_text` does not write.
_ID = re.compile(r"[a-z]{3}_[a-z0-9]{26}\Z")


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def new_id(prefix: str) -> str:
    """`mbr_` and 26 characters: 128 random bits."""
    return f"{prefix}_{_text(secrets.token_bytes(16))}"


def is_id(prefix: str, text: str) -> bool:
    """Whether a caller's text has the form of an id; check it before using it as a key."""
    return text.startswith(f"{prefix}_") and _ID.match(text) is not None


def derived_id(prefix: str, *parts: str) -> str:
    """The id that these parts always give: 128 bits of a keyed hash.

    Used where a record is its own idempotency record: caller, route and key give its id.
    """
    from chalicelib.kernel.crypto import keyed_hash

    return f"{prefix}_{_text(keyed_hash('id', *parts)[:16])}"


def digest(content: bytes) -> bytes:
    """12 bytes that tell two contents apart.

    Keyed, so that nobody finds a phone number in a copy of a table by trying all of them.
    """
    from chalicelib.kernel.crypto import keyed_hash

    return keyed_hash("content", hashlib.sha256(content).hexdigest())[:12]
