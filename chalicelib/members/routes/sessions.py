"""Signing in by a code, refreshing, signing out."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import TooMany, Unavailable
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import MAX_EMAIL, LoginCode, kind
from chalicelib.kernel.web.auth import LIFETIME_S, MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members import actions, queries, rules
from chalicelib.members.errors import OtpInvalid, RefreshTokenInvalid
from chalicelib.members.routes import views
from chalicelib.members.routes.blueprint import members
from chalicelib.members.routes.views import (
    ChallengeId,
    ChallengeView,
    LoginView,
    SessionView,
    TokensView,
)
from chalicelib.members.tables.items import SessionItem

Version = Annotated[
    str, msgspec.Meta(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._-]+$(?!\n)")
]


class CodeRequest(msgspec.Struct, forbid_unknown_fields=True):
    """`destination` is a phone number (without a country code, Chinese) or an e-mail address."""

    channel: Literal["sms", "email"]
    destination: Annotated[str, kind(MAX_EMAIL, pasted, None, at_least=3)]


class ConsentGiven(msgspec.Struct, forbid_unknown_fields=True):
    """The member agrees to these versions of the terms and the privacy policy."""

    terms: Version
    privacy: Version


class LoginRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A challenge and the code sent for it."""

    grant: Literal["otp"]
    challenge_id: ChallengeId
    code: LoginCode
    consent: ConsentGiven | None = None


class RefreshRequest(msgspec.Struct, forbid_unknown_fields=True):
    refresh_token: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


@route(
    members, "POST", "/v1/auth/otp",
    summary="Send a login code by SMS or e-mail",
    body=CodeRequest, answer=ChallengeView, status=202, may_raise=[TooMany, Unavailable],
    example={
        "request": {"channel": "sms", "destination": "+8613800138000"},
        "answer": {
            "challenge_id": "otp_5c3bqbzkmvnl2hwmbkqk5pnjhm", "expires_at": "2026-11-21T08:10:00Z"
        },
    },
)  # fmt: skip
def send_code(call: Call) -> Reply:
    asked: CodeRequest = call.body
    normalised = (rules.phone_destination if asked.channel == "sms" else rules.email_destination)(
        asked.destination, "destination"
    )
    challenge = actions.request_code(
        normalised, language=call.language, source_ip=call.source_ip, now=call.now
    )
    return Reply(ChallengeView(challenge.id, rfc3339_ms(challenge.expires_at)))


@route(
    members, "POST", "/v1/auth/sessions",
    summary="Sign in with a code; the first time registers",
    body=LoginRequest, answer=LoginView, status=201, may_raise=[OtpInvalid],
    example={
        "request": {
            "grant": "otp", "challenge_id": "otp_5c3bqbzkmvnl2hwmbkqk5pnjhm", "code": "482913",
            "consent": {"terms": "2026-01", "privacy": "2026-01"},
        },
        "answer": {**views.TOKENS_EXAMPLE, "member": views.MEMBER_EXAMPLE, "created": True},
    },
)  # fmt: skip
def sign_in(call: Call) -> Reply:
    asked: LoginRequest = call.body
    given = asked.consent
    consent = rules.Consent(given.terms, given.privacy, to_ms(call.now)) if given else None
    user_agent = rules.short_user_agent(call.headers.get("user-agent", ""))
    device = actions.Device(call.language, user_agent)
    login = actions.log_in(asked.challenge_id, asked.code, device, consent, call.now)
    member = views.member_view(queries.member(login.member_id))
    return Reply(
        LoginView(
            login.access_token, "Bearer", LIFETIME_S, login.refresh_token, member, login.created
        )
    )


@route(
    members, "POST", "/v1/auth/sessions/refresh",
    summary="Exchange a refresh token for new tokens, once",
    body=RefreshRequest, answer=TokensView, may_raise=[RefreshTokenInvalid],
    example={
        "request": {"refresh_token": views.TOKENS_EXAMPLE["refresh_token"]},
        "answer": views.TOKENS_EXAMPLE,
    },
)  # fmt: skip
def refresh_session(call: Call) -> Reply:
    asked: RefreshRequest = call.body
    login = actions.refresh(asked.refresh_token, call.now)
    return Reply(TokensView(login.access_token, "Bearer", LIFETIME_S, login.refresh_token))


@route(
    members,
    "DELETE",
    "/v1/auth/sessions/current",
    summary="Sign out here",
    roles=[MEMBER],
    status=204,
    example={},
)
def sign_out(call: Call) -> Reply:
    assert call.caller is not None
    actions.end_sessions(call.member_id, [call.caller.session_id])
    return Reply()


@route(
    members,
    "DELETE",
    "/v1/auth/sessions",
    summary="Sign out everywhere",
    roles=[MEMBER],
    status=204,
    example={},
)
def sign_out_everywhere(call: Call) -> Reply:
    actions.end_all_sessions(call.member_id)
    return Reply()


@route(
    members, "GET", "/v1/me/sessions",
    summary="Where I am signed in, newest first",
    roles=[MEMBER], query=PageQuery, answer=Page[SessionView],
    example={"answer": {"data": [views.SESSION_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_sessions(call: Call) -> Reply:
    assert call.caller is not None
    current = call.caller.session_id

    def view(session: SessionItem) -> SessionView:
        return shaped(
            SessionView,
            session,
            created_at=rfc3339_ms(session.created_at),
            last_used_at=rfc3339_ms(session.last_used_at),
            expires_at=rfc3339_ms(session.expires_at),
            current=session.id == current,
        )

    def live(**asked: object) -> object:
        return queries.sessions(call.member_id, to_ms(call.now), **asked)

    scope = f"sessions:{call.member_id}"
    return Reply(page(scope, call.query, live, view, leave_out_unreadable=True))


@route(
    members, "DELETE", "/v1/me/sessions/{id}",
    summary="Sign one device out",
    roles=[MEMBER], status=204, example={},
)  # fmt: skip
def end_one_session(call: Call) -> Reply:
    actions.end_session(call.member_id, call.path["id"], call.now)
    return Reply()
