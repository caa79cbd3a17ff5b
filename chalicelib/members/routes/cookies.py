"""The refresh token of a browser: a cookie that no script reads and no other site sends.

A page of another site cannot add `Jifen-Client` to its request: its browser asks first, by a
preflight, and gets no permission. `Sec-Fetch-Site` tells the same again. `Origin` is not compared
to `Host`: CloudFront calls API Gateway by another name than browsers use.
"""

from __future__ import annotations

from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.web.requests import Call
from chalicelib.members.errors import CrossSite, RefreshTokenInvalid, RefreshTokenMissing
from chalicelib.members.rules.providers import STATE_LIFETIME_S

REFRESH = "jifen_refresh"
SIGN_IN = "jifen_sign_in"
CLIENT = ("Jifen-Client", "`web`: the refresh token is the cookie `jifen_refresh`, in no body")
COOKIE = (REFRESH, "The refresh token of a browser, with `Jifen-Client: web`")
BROWSER = (SIGN_IN, "Tells a browser from others while it signs in at WeChat or QQ")
_WEB, _PATH, _ALL = "web", "/v1/auth", "/v1"


def is_browser(call: Call) -> bool:
    """Whether the mall's own pages call, which keep the refresh token in a cookie.

    Raises Invalid naming Jifen-Client, CrossSite.
    """
    client = call.headers.get("jifen-client")
    if client is None:
        return False
    if client != _WEB:
        words = Words(f"须为 {_WEB}", f"must be {_WEB}")
        raise Invalid(FieldError("Jifen-Client", "not_one_of", words))
    # Browsers before 2023 do not send it.
    if call.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise CrossSite()
    return True


def refresh_token_in(call: Call) -> str:
    """Raises RefreshTokenMissing, RefreshTokenInvalid where the cookie comes twice."""
    found = _sent(call, REFRESH)
    if not found:
        raise RefreshTokenMissing()
    if len(found) > 1:
        # A neighbouring host set a cookie for both hosts: nobody knows which one is the mall's.
        # Source: RFC 6265, 8.6 "Weak integrity".
        raise RefreshTokenInvalid()
    return found.pop()


def find_refresh_token(call: Call) -> str | None:
    """The browser's token, None where it has none or more than one."""
    found = _sent(call, REFRESH)
    return found.pop() if len(found) == 1 else None


def browser_in(call: Call) -> str:
    """What tells this browser from others while it signs in at a provider, "" if nothing does."""
    found = _sent(call, SIGN_IN)
    return found.pop() if len(found) == 1 else ""


def _sent(call: Call, wanted: str) -> set[str]:
    pairs = (pair.strip().partition("=") for pair in call.headers.get("cookie", "").split(";"))
    return {value for name, _, value in pairs if name == wanted and value}


def kept(refresh_token: str, life_s: int) -> dict[str, str]:
    """The headers that let a browser keep the token for as long as it is good."""
    return _set_cookie(REFRESH, refresh_token, life_s, _PATH)


def known(browser: str) -> dict[str, str]:
    """The headers that let a browser be told from others while it signs in at a provider."""
    return _set_cookie(SIGN_IN, browser, STATE_LIFETIME_S, _ALL)


def dropped() -> dict[str, str]:
    """The headers that let a browser forget the token."""
    return _set_cookie(REFRESH, "", 0, _PATH)


def _set_cookie(name: str, value: str, max_age_s: int, path: str) -> dict[str, str]:
    rules = f"HttpOnly; Secure; SameSite=Strict; Path={path}; Max-Age={max_age_s}"
    return {"Set-Cookie": f"{name}={value}; {rules}"}
