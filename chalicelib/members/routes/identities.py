"""The ways in which a member signs in: phones, e-mails, accounts at WeChat and QQ."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.digests import digest_of
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.texts import LoginCode
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call, decode_body
from chalicelib.members import actions, queries
from chalicelib.members.errors import (
    IdentityAlreadyLinked,
    IdentityTaken,
    LastIdentity,
    OtpInvalid,
    TooManyIdentities,
)
from chalicelib.members.routes import cookies, views
from chalicelib.members.routes.blueprint import members
from chalicelib.members.routes.providers import PROVIDER_REFUSALS, AtProvider, sent_in
from chalicelib.members.routes.slices import slices
from chalicelib.members.routes.views import ChallengeId, IdentityView
from chalicelib.members.rules.providers import Provider
from chalicelib.members.tables.items import LinkedItem


class IdentityProof(msgspec.Struct, forbid_unknown_fields=True):
    """The code that `POST /v1/auth/otp` sent to the phone or e-mail to be linked."""

    challenge_id: ChallengeId
    code: LoginCode


class AccountProof(AtProvider, kw_only=True):
    """What WeChat or QQ gave for the account to be linked."""

    grant: Provider


@route(
    members, "GET", "/v1/me/identities",
    summary="My ways to sign in, newest first",
    roles=[MEMBER], query=PageQuery, answer=Page[IdentityView],
    example={"answer": {"data": [views.IDENTITY_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_identities(call: Call) -> Reply:
    queries.profile(call.member_id)
    rows = slices(queries.identities(call.member_id))
    return Reply(page(f"identities:{call.member_id}", call.query, rows, partial(_view, call)))


@route(
    members, "POST", "/v1/me/identities",
    summary="Link another phone, e-mail or account at WeChat or QQ, proved by a code",
    roles=[MEMBER], key=True, body=(IdentityProof, AccountProof), answer=IdentityView, status=201,
    may_raise=[
        OtpInvalid, IdentityTaken, IdentityAlreadyLinked, TooManyIdentities, *PROVIDER_REFUSALS,
    ],
    cookie=cookies.BROWSER,
    example={
        "request": {"challenge_id": "otp_5c3bqbzkmvnl2hwmbkqk5pnjhm", "code": "482913"},
        "answer": views.IDENTITY_EXAMPLE,
    },
)  # fmt: skip
def link_identity(call: Call) -> Reply:
    kind: Any = AccountProof if _names_a_provider(call.raw_body) else IdentityProof
    asked: IdentityProof | AccountProof = decode_body(call.raw_body, kind)
    made = call.member_id, call.derived_id("idn"), digest_of(asked, call.raw_body)
    if isinstance(asked, AccountProof):
        linked = actions.link_account(*made, sent_in(call, asked.grant, asked), call.now)
    else:
        linked = actions.link_identity(*made, asked.challenge_id, asked.code, call.now)
    return answer_of(linked, partial(_view, call))


def _names_a_provider(content: bytes) -> bool:
    """Whether a body is a provider's proof; the decoding after it says what else is wrong."""
    try:
        return "grant" in msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False


@route(
    members, "DELETE", "/v1/me/identities/{id}",
    summary="Unlink a way to sign in, but not the last one",
    roles=[MEMBER], status=204, may_raise=[LastIdentity], example={},
)  # fmt: skip
def unlink_identity(call: Call) -> Reply:
    actions.unlink_identity(call.member_id, call.path["id"], call.now)
    return Reply()


def _view(call: Call, row: LinkedItem) -> IdentityView:
    shown = queries.shown_in(row, call.member_id)
    return shaped(IdentityView, row, masked=shown, created_at=rfc3339_ms(row.created_at))
