"""Signing in by a code, refreshing, signing out."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import (
    FieldError,
    Invalid,
    NotJson,
    TooMany,
    Unavailable,
    UnknownField,
    Words,
)
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import MAX_EMAIL, LoginCode, kind
from chalicelib.kernel.web.auth import LIFETIME_S, MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call, check_media_type
from chalicelib.members import actions, queries, rules
from chalicelib.members.errors import (
    CaptchaRequired,
    CrossSite,
    DestinationNotServed,
    OtpInvalid,
    RefreshTokenInvalid,
    RefreshTokenMissing,
)
from chalicelib.members.routes import cookies, devices, views
from chalicelib.members.routes.blueprint import members
from chalicelib.members.routes.providers import PROVIDER_REFUSALS, AtProvider, sent_in
from chalicelib.members.routes.views import (
    ChallengeId,
    ChallengeView,
    LoginView,
    RefreshedView,
    SessionView,
)
from chalicelib.members.rules.devices import kind_of, name_of
from chalicelib.members.rules.policies import PolicyName
from chalicelib.members.rules.providers import Provider
from chalicelib.members.rules.referrals import ReferralCode
from chalicelib.members.tables.items import SessionItem

CaptchaToken = Annotated[str, msgspec.Meta(min_length=1, max_length=4_096)]


class CodeRequest(msgspec.Struct, forbid_unknown_fields=True):
    """`destination` is a phone number (without a country code, Chinese) or an e-mail address.

    `captcha_token` is asked for by `captcha_required`: many codes went out from here.
    """

    channel: Literal["sms", "email"]
    destination: Annotated[str, kind(MAX_EMAIL, pasted, None, at_least=3)]
    captcha_token: CaptchaToken | None = None


class ConsentGiven(msgspec.Struct, forbid_unknown_fields=True):
    """The member agrees to these versions of the terms and the privacy policy."""

    terms: PolicyName
    privacy: PolicyName


class LoginRequest(msgspec.Struct, forbid_unknown_fields=True, tag_field="grant", tag="otp"):
    """A challenge and the code sent for it."""

    challenge_id: ChallengeId
    code: LoginCode
    consent: ConsentGiven | None = None
    referral_code: ReferralCode | None = None


class ProviderLogin(AtProvider, tag_field="grant"):
    consent: ConsentGiven | None = None
    referral_code: ReferralCode | None = None


class WechatLogin(ProviderLogin, tag="wechat"):
    """What WeChat gave: a code, good once, and the state; a mini program has no state."""


class QqLogin(ProviderLogin, tag="qq"):
    """What QQ gave: a code, good once, and the state; a mini program has no state."""


class RefreshRequest(msgspec.Struct, forbid_unknown_fields=True):
    """`refresh_token` is required without `Jifen-Client: web`. With it, a cookie has the token."""

    refresh_token: (
        Annotated[str, msgspec.Meta(min_length=1, max_length=300)] | msgspec.UnsetType
    ) = msgspec.UNSET


@route(
    members, "POST", "/v1/auth/otp",
    summary="Send a login code by SMS or e-mail",
    body=CodeRequest, answer=ChallengeView, status=202,
    may_raise=[TooMany, CaptchaRequired, DestinationNotServed, Unavailable],
    optional_headers=[devices.DEVICE],
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
    device = devices.sent_in(call)
    who = actions.Asked(normalised, call.language, call.source_ip, device, asked.captcha_token)
    challenge = actions.request_code(who, call.now)
    return Reply(ChallengeView(challenge.id, rfc3339_ms(challenge.expires_at)))


@route(
    members, "POST", "/v1/auth/sessions",
    summary="Sign in with a code, of ours, WeChat's or QQ's; the first time registers",
    body=LoginRequest | WechatLogin | QqLogin, answer=LoginView, status=201,
    may_raise=[OtpInvalid, CrossSite, *PROVIDER_REFUSALS],
    optional_headers=[cookies.CLIENT, devices.DEVICE], cookie=cookies.BROWSER,
    answer_headers=["Set-Cookie"],
    example={
        "request": {
            "grant": "otp", "challenge_id": "otp_5c3bqbzkmvnl2hwmbkqk5pnjhm", "code": "482913",
            "consent": {"terms": "2026-01", "privacy": "2026-01"},
        },
        "answer": {**views.TOKENS_EXAMPLE, "member": views.MEMBER_EXAMPLE, "created": True},
    },
)  # fmt: skip
def sign_in(call: Call) -> Reply:
    in_browser = cookies.is_browser(call)
    asked: LoginRequest | WechatLogin | QqLogin = call.body
    given = asked.consent
    consent = rules.Consent(given.terms, given.privacy, to_ms(call.now)) if given else None
    device = devices.device_of(call)
    if isinstance(asked, LoginRequest):
        login = actions.log_in(
            asked.challenge_id, asked.code, device, consent, call.now, asked.referral_code
        )
    else:
        provider: Provider = "wechat" if isinstance(asked, WechatLogin) else "qq"
        sent = sent_in(call, provider, asked)
        login = actions.log_in_at(sent, device, consent, call.now, asked.referral_code)
    member_id = login.member_id
    member = views.member_view(queries.member(member_id), actions.code_of(member_id))
    shown, headers = _refresh_token_of(login, call, in_browser=in_browser)
    view = LoginView(
        login.access_token,
        "Bearer",
        LIFETIME_S,
        shown,
        member=member,
        created=login.created,
        erasure_cancelled=login.erasure_cancelled,
        referral=login.referral,
    )
    return Reply(view, headers=headers)


def _refresh_token_of(
    login: actions.Login, call: Call, *, in_browser: bool
) -> tuple[str | None, dict[str, str]]:
    """The refresh token for the body, and the headers of an answer: one of them holds it."""
    if not in_browser:
        return login.refresh_token, {}
    life_s = (login.ends_at - to_ms(call.now)) // 1000
    return None, cookies.kept(login.refresh_token, life_s)


@route(
    members, "POST", "/v1/auth/sessions/refresh",
    summary="Exchange a refresh token for new tokens, once",
    body=RefreshRequest, body_required=False, answer=RefreshedView,
    may_raise=[RefreshTokenInvalid, RefreshTokenMissing, CrossSite],
    optional_headers=[cookies.CLIENT], cookie=cookies.COOKIE, answer_headers=["Set-Cookie"],
    example={
        "request": {"refresh_token": views.TOKENS_EXAMPLE["refresh_token"]},
        "answer": {**views.TOKENS_EXAMPLE, "member_id": views.MEMBER_EXAMPLE["id"]},
    },
)  # fmt: skip
def refresh_session(call: Call) -> Reply:
    in_browser = cookies.is_browser(call)
    text = _sent_in_cookie(call) if in_browser else _sent_in_body(call)
    login = actions.refresh(text, call.now, in_browser=in_browser, source_ip=call.source_ip)
    shown, headers = _refresh_token_of(login, call, in_browser=in_browser)
    view = RefreshedView(login.access_token, "Bearer", LIFETIME_S, shown, member_id=login.member_id)
    return Reply(view, headers=headers)


def _sent_in_cookie(call: Call) -> str:
    """Raises UnknownField for a token in the body, RefreshTokenMissing."""
    if call.body.refresh_token is not msgspec.UNSET:
        words = Words(
            "浏览器的 refresh_token 只在 Cookie 中", "of a browser is in its cookie alone"
        )
        raise UnknownField(FieldError("refresh_token", "unknown_field", words))
    return cookies.refresh_token_in(call)


def _sent_in_body(call: Call) -> str:
    """Raises UnsupportedMedia, NotJson, Invalid naming the field."""
    if not call.raw_body:
        check_media_type(call.headers)
        raise NotJson()
    text: str | msgspec.UnsetType = call.body.refresh_token
    if text is msgspec.UNSET:
        raise Invalid(FieldError("refresh_token", "required", Words("必填", "is required")))
    return text


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
        return session_view(session, current)

    def live(**asked: object) -> object:
        return queries.sessions(call.member_id, to_ms(call.now), **asked)

    scope = f"sessions:{call.member_id}"
    return Reply(page(scope, call.query, live, view, leave_out_unreadable=True))


def session_view(session: SessionItem, current: str | None = None) -> SessionView:
    user_agent = session.user_agent or ""
    return shaped(
        SessionView,
        session,
        created_at=rfc3339_ms(session.created_at),
        last_used_at=rfc3339_ms(session.last_used_at),
        expires_at=rfc3339_ms(session.expires_at),
        current=session.id == current,
        name=name_of(user_agent),
        app=kind_of(user_agent),
    )


@route(
    members, "DELETE", "/v1/me/sessions/{id}",
    summary="Sign one device out",
    roles=[MEMBER], status=204, example={},
)  # fmt: skip
def end_one_session(call: Call) -> Reply:
    actions.end_session(call.member_id, call.path["id"], call.now)
    return Reply()
