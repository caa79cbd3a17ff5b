"""Signing out: here, and everywhere."""

from __future__ import annotations

from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members import actions
from chalicelib.members.errors import CrossSite
from chalicelib.members.routes import cookies
from chalicelib.members.routes.blueprint import members


@route(
    members,
    "DELETE",
    "/v1/auth/sessions/current",
    summary="Sign out here",
    roles=[MEMBER],
    status=204,
    may_raise=[CrossSite],
    optional_headers=[cookies.CLIENT],
    answer_headers=["Set-Cookie"],
    example={},
)
def sign_out(call: Call) -> Reply:
    assert call.caller is not None
    headers = _forget_cookie(call)
    actions.end_sessions(call.member_id, [call.caller.session_id])
    return Reply(headers=headers)


def _forget_cookie(call: Call) -> dict[str, str]:
    """End the session of a browser's cookie, and give the headers that let the browser forget it.

    It is another one than the caller's where another window has signed in since.

    Raises CrossSite.
    """
    if not cookies.is_browser(call):
        return {}
    refresh_token = cookies.find_refresh_token(call)
    assert call.caller is not None
    if refresh_token is not None:
        actions.end_session_of(refresh_token, but=call.caller.session_id)
    return cookies.dropped()


@route(
    members,
    "DELETE",
    "/v1/auth/sessions",
    summary="Sign out everywhere",
    roles=[MEMBER],
    status=204,
    may_raise=[CrossSite],
    optional_headers=[cookies.CLIENT],
    answer_headers=["Set-Cookie"],
    example={},
)
def sign_out_everywhere(call: Call) -> Reply:
    headers = _forget_cookie(call)
    actions.end_all_sessions(call.member_id)
    return Reply(headers=headers)
