"""Phones and e-mails for signing in."""

from __future__ import annotations

from functools import partial

import msgspec

from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.texts import LoginCode
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members import actions, queries
from chalicelib.members.errors import (
    IdentityAlreadyLinked,
    IdentityTaken,
    LastIdentity,
    OtpInvalid,
    TooManyIdentities,
)
from chalicelib.members.routes import views
from chalicelib.members.routes.blueprint import members
from chalicelib.members.routes.slices import slices
from chalicelib.members.routes.views import ChallengeId, IdentityView
from chalicelib.members.tables.items import LinkedItem


class IdentityProof(msgspec.Struct, forbid_unknown_fields=True):
    """The code that `POST /v1/auth/otp` sent to the phone or e-mail to be linked."""

    challenge_id: ChallengeId
    code: LoginCode


@route(
    members, "GET", "/v1/me/identities",
    summary="My phones and e-mails for signing in, newest first",
    roles=[MEMBER], query=PageQuery, answer=Page[IdentityView],
    example={"answer": {"data": [views.IDENTITY_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_identities(call: Call) -> Reply:
    queries.profile(call.member_id)
    rows = slices(queries.identities(call.member_id))
    return Reply(page(f"identities:{call.member_id}", call.query, rows, partial(_view, call)))


@route(
    members, "POST", "/v1/me/identities",
    summary="Link another phone or e-mail, proved by a code",
    roles=[MEMBER], key=True, body=IdentityProof, answer=IdentityView, status=201,
    may_raise=[OtpInvalid, IdentityTaken, IdentityAlreadyLinked, TooManyIdentities],
    example={
        "request": {"challenge_id": "otp_5c3bqbzkmvnl2hwmbkqk5pnjhm", "code": "482913"},
        "answer": views.IDENTITY_EXAMPLE,
    },
)  # fmt: skip
def link_identity(call: Call) -> Reply:
    asked: IdentityProof = call.body
    made = call.member_id, call.derived_id("idn"), call.content_digest
    linked = actions.link_identity(*made, asked.challenge_id, asked.code, call.now)
    return answer_of(linked, partial(_view, call))


@route(
    members, "DELETE", "/v1/me/identities/{id}",
    summary="Unlink a phone or e-mail, but not the last one",
    roles=[MEMBER], status=204, may_raise=[LastIdentity], example={},
)  # fmt: skip
def unlink_identity(call: Call) -> Reply:
    actions.unlink_identity(call.member_id, call.path["id"])
    return Reply()


def _view(call: Call, row: LinkedItem) -> IdentityView:
    return views.identity_view(row.id, queries.destination_in(row, call.member_id), row.created_at)
