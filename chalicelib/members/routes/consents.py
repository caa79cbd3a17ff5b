"""What the caller agrees to, and what they agreed to before."""

from __future__ import annotations

from typing import Literal

import msgspec

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.auth import LIFETIME_S, MEMBER
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members import actions
from chalicelib.members.errors import PolicyOutdated
from chalicelib.members.queries import policies as queries
from chalicelib.members.routes import devices, views
from chalicelib.members.routes.blueprint import members
from chalicelib.members.routes.slices import slices
from chalicelib.members.routes.views import TokensView
from chalicelib.members.rules.policies import PolicyName
from chalicelib.members.tables.policies import ConsentItem


class ConsentRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The versions that the member has read and agrees to: of the terms, of the privacy policy, or
    of both."""

    terms: PolicyName | None = None
    privacy: PolicyName | None = None


class PastConsentView(msgspec.Struct):
    """The versions that counted for the member from `agreed_at` on, and where they agreed."""

    id: str
    terms: str | None
    privacy: str | None
    agreed_at: str
    source: Literal["sign_in", "asked"]
    network: str | None


class AgreedView(TokensView, kw_only=True):
    """The consent, and an access token that tells of it: the one before does not."""

    consent: PastConsentView


CONSENT_EXAMPLE = {
    "id": "cns_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "terms": "2026-12",
    "privacy": "2026-01",
    "agreed_at": "2026-12-01T08:00:00Z",
    "source": "asked",
    "network": "203.0.113.0/24",
}
_TOKENS = {k: v for k, v in views.TOKENS_EXAMPLE.items() if k != "refresh_token"}


@route(
    members, "POST", "/v1/me/consents",
    summary="Agree to the terms and the privacy policy in a version",
    roles=[MEMBER], key=True, body=ConsentRequest, answer=AgreedView, status=201,
    optional_headers=[devices.DEVICE], may_raise=[PolicyOutdated],
    example={
        "request": {"terms": "2026-12"},
        "answer": {**_TOKENS, "consent": CONSENT_EXAMPLE},
    },
)  # fmt: skip
def agree(call: Call) -> Reply:
    assert call.caller is not None
    asked: ConsentRequest = call.body
    if asked.terms is None and asked.privacy is None:
        words = Words("须同意其中至少一项", "takes terms, privacy or both")
        raise Invalid(FieldError("", "terms_or_privacy", words))
    device = devices.device_of(call)
    place = actions.Place("asked", call.caller.session_id, device.network, device.hash)
    made = actions.Agreement(
        call.derived_id("cns"), call.content_digest, asked.terms, asked.privacy
    )
    item, replayed = actions.agree(call.member_id, made, place, call.now)
    token = actions.access_again(call.caller, call.now)
    view = AgreedView(token, "Bearer", LIFETIME_S, consent=_view(item))
    return replayable(view, replayed=replayed)


@route(
    members, "GET", "/v1/me/consents",
    summary="What I agreed to, newest first",
    roles=[MEMBER], query=PageQuery, answer=Page[PastConsentView],
    example={"answer": {"data": [CONSENT_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_consents(call: Call) -> Reply:
    rows = slices(queries.consents(call.member_id))
    return Reply(page(f"consents:{call.member_id}", call.query, rows, _view))


def _view(item: ConsentItem) -> PastConsentView:
    return shaped(PastConsentView, item, agreed_at=rfc3339_ms(item.at))
