"""States of sign-ins at a provider: letters and digits that only we can make, good for ten minutes.

WeChat takes up to 128 letters and digits. A state is bound to its app, to the address that the
provider leads back to, and to the browser that asked. Its use is written down, not its making.
Source: RFC 9700, 4.7 "Cross-Site Request Forgery".
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable

from chalicelib.kernel import crypto
from chalicelib.members.rules.providers import STATE_LIFETIME_S, Authorization

_MAC_BYTES = 20
_STATE = re.compile(r"([0-9a-f]{8})([0-9a-f]{24})([0-9a-f]{40})\Z")
_BROWSER = re.compile(r"[A-Za-z0-9_-]{22}\Z")


def new_browser() -> str:
    """What a browser keeps in its cookie, so that a state is good in this one alone."""
    return secrets.token_urlsafe(16)


def is_browser(text: str) -> bool:
    return bool(_BROWSER.match(text))


def new_state(asked: Authorization, browser: str, now_s: int) -> str:
    """A state for one authorization in one browser ("" for an app, which compares by itself)."""
    ends, nonce = f"{now_s + STATE_LIFETIME_S:08x}", secrets.token_hex(12)
    return ends + nonce + _mac(asked, browser, ends, nonce)


def asked_by(
    state: str, browser: str, candidates: Iterable[Authorization], now_s: int
) -> Authorization | None:
    """The authorization that a state was made for, None if it is none of ours or too old."""
    parts = _STATE.match(state)
    if parts is None or int(parts[1], 16) <= now_s:
        return None
    for asked in candidates:
        if hmac.compare_digest(parts[3], _mac(asked, browser, parts[1], parts[2])):
            return asked
    return None


def _mac(asked: Authorization, browser: str, ends: str, nonce: str) -> str:
    client, redirect = asked
    made_of = (client.provider, client.app, client.app_id, redirect, browser, ends, nonce)
    return crypto.keyed_hash("sign_in_state", *made_of)[:_MAC_BYTES].hex()
