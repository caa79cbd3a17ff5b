"""The terms and the privacy policy: for everybody as they count now, for ops by version."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib import audit
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import NotAllowedInThisState, NotFound, Stale
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.auth import ADMIN, AGENT, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members import actions
from chalicelib.members.errors import PolicyVersionTaken
from chalicelib.members.queries import policies as queries
from chalicelib.members.routes.blueprint import members
from chalicelib.members.routes.slices import slices
from chalicelib.members.rules.policies import (
    KINDS,
    ChangesOfPolicy,
    Policy,
    PolicyKind,
    PolicyName,
    PolicyStatus,
    PolicyUrl,
    TextOfPolicy,
    TitleOfPolicy,
)
from chalicelib.members.tables.policies import PolicyItem

READERS, WRITERS = (AGENT, OPS, ADMIN), (OPS, ADMIN)
IF_MATCH = [("If-Match", "The version that the change builds on")]
A_MINUTE = {"Cache-Control": "public, max-age=60"}


class PolicyView(msgspec.Struct):
    """A version of the terms or the privacy policy, in the reader's language.

    It has a `text`, or is read at `url`. `changes` says what is other than in the last one.
    """

    kind: PolicyKind
    version: str
    title: str
    text: str | None
    url: str | None
    changes: str | None
    effective_at: str


class PoliciesView(msgspec.Struct):
    """The versions that count now; null where the mall asks for no consent. `upcoming` will."""

    terms: PolicyView | None
    privacy: PolicyView | None
    upcoming: list[PolicyView]


class PolicyDraft(msgspec.Struct, forbid_unknown_fields=True):
    """A version of a policy: either its `text` or the `url` of it. `name` is what members see,
    such as `2026-12`."""

    kind: PolicyKind
    name: PolicyName
    title: TitleOfPolicy
    text: TextOfPolicy | None = None
    url: PolicyUrl | None = None
    changes: ChangesOfPolicy | None = None


class PolicyChange(msgspec.Struct, forbid_unknown_fields=True):
    """Absent fields do not change; null clears a field."""

    name: PolicyName | UnsetType = UNSET
    title: TitleOfPolicy | UnsetType = UNSET
    text: TextOfPolicy | UnsetType | None = UNSET
    url: PolicyUrl | UnsetType | None = UNSET
    changes: ChangesOfPolicy | UnsetType | None = UNSET


class PolicyStart(msgspec.Struct, forbid_unknown_fields=True):
    """From when on members are asked to agree: now, unless `effective_at` is later."""

    effective_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class AdminPolicyView(msgspec.Struct):
    """A version of a policy for ops; a published one never changes again."""

    id: str
    version: int
    kind: PolicyKind
    name: str
    title: TitleOfPolicy
    text: TextOfPolicy | None
    url: str | None
    changes: ChangesOfPolicy | None
    status: PolicyStatus
    effective_at: str | None
    created_at: str


DRAFT_EXAMPLE: dict[str, Any] = {
    "kind": "terms", "name": "2026-12",
    "title": {"zh-CN": "会员服务条款", "en": "Terms of membership"},
    "text": {"zh-CN": "一、积分不是货币……", "en": "1. Points are not money…"}, "url": None,
    "changes": {"zh-CN": "新增积分转赠规则。", "en": "Rules of gifts are new."},
}  # fmt: skip
ADMIN_POLICY_EXAMPLE: dict[str, Any] = {
    **DRAFT_EXAMPLE,
    "id": "pol_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "version": 1,
    "status": "draft",
    "effective_at": None,
    "created_at": "2026-11-21T08:00:00Z",
}
PUBLISHED_EXAMPLE = {
    **ADMIN_POLICY_EXAMPLE,
    "version": 2,
    "status": "published",
    "effective_at": "2026-12-01T00:00:00Z",
}
POLICY_EXAMPLE = {
    "kind": "terms",
    "version": "2026-12",
    "title": "会员服务条款",
    "text": "一、积分不是货币……",
    "url": None,
    "changes": "新增积分转赠规则。",
    "effective_at": "2026-12-01T00:00:00Z",
}


@route(
    members, "GET", "/v1/policies",
    summary="The terms and the privacy policy as they count now",
    answer=PoliciesView,
    example={"answer": {"terms": POLICY_EXAMPLE, "privacy": None, "upcoming": []}},
)  # fmt: skip
def list_policies(call: Call) -> Reply:
    published, now_ms = queries.published_of_late(), to_ms(call.now)
    current = {kind: published.current(kind, now_ms) for kind in KINDS}
    later = [
        edition for kind in KINDS for edition in published.of(kind) if edition.effective_at > now_ms
    ]
    view = PoliciesView(
        terms=_shown(queries.policy_of(current["terms"]), call),
        privacy=_shown(queries.policy_of(current["privacy"]), call),
        upcoming=[shown for each in later if (shown := _shown(queries.policy_of(each), call))],
    )
    return Reply(view, headers=A_MINUTE)


@route(
    members, "GET", "/v1/policies/{kind}/{version}",
    summary="A version of the terms or the privacy policy, also an earlier one",
    answer=PolicyView, example={"answer": POLICY_EXAMPLE},
)  # fmt: skip
def show_policy(call: Call) -> Reply:
    kind = next((each for each in KINDS if each == call.path["kind"]), None)
    if kind is None:
        raise NotFound()
    policy = queries.published_policy(kind, call.path["version"])
    return Reply(_shown(policy, call), headers=A_MINUTE)


@route(
    members, "POST", "/v1/admin/policies",
    summary="Draft a version of the terms or the privacy policy",
    roles=WRITERS, key=True, body=PolicyDraft, answer=AdminPolicyView, status=201,
    example={"request": DRAFT_EXAMPLE, "answer": ADMIN_POLICY_EXAMPLE},
)  # fmt: skip
def draft_policy(call: Call) -> Reply:
    draft: PolicyDraft = call.body
    policy_id = call.derived_id("pol")
    policy = Policy(id=policy_id, created_at=to_ms(call.now), **msgspec.structs.asdict(draft))
    act = audit.act_of(call, "policy.draft", policy_id)
    made = actions.draft_policy(policy, act, call.content_digest)
    return answer_of(made, _admin_view)


@route(
    members, "GET", "/v1/admin/policies",
    summary="All versions of the terms and the privacy policy, newest first",
    roles=READERS, query=PageQuery, answer=Page[AdminPolicyView],
    example={"answer": {"data": [ADMIN_POLICY_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_admin_policies(call: Call) -> Reply:
    rows = slices(queries.policies())
    return Reply(page("policies", call.query, rows, _row_view))


@route(
    members, "GET", "/v1/admin/policies/{id}",
    summary="A version of a policy in full",
    roles=READERS, answer=AdminPolicyView, example={"answer": ADMIN_POLICY_EXAMPLE},
)  # fmt: skip
def show_admin_policy(call: Call) -> Reply:
    return Reply(_admin_view(queries.find_policy_item(call.path["id"]).policy))


@route(
    members, "PATCH", "/v1/admin/policies/{id}",
    summary="Change a draft of a policy",
    roles=WRITERS, body=PolicyChange, answer=AdminPolicyView, headers=IF_MATCH,
    may_raise=[Stale, NotAllowedInThisState],
    example={"request": {"name": "2026-12"}, "answer": {**ADMIN_POLICY_EXAMPLE, "version": 2}},
)  # fmt: skip
def change_policy(call: Call) -> Reply:
    sent = msgspec.structs.asdict(call.body)
    changes = {name: value for name, value in sent.items() if value is not UNSET}
    act = audit.act_of(call, "policy.change", call.path["id"])
    return Reply(
        _admin_view(actions.change_policy(call.path["id"], changes, call.seen_version, act))
    )


@route(
    members, "POST", "/v1/admin/policies/{id}/publish",
    summary="Publish a draft: from its start on, members have to agree to it",
    roles=WRITERS, key=True, body=PolicyStart, body_required=False, answer=AdminPolicyView,
    headers=IF_MATCH, may_raise=[Stale, NotAllowedInThisState, PolicyVersionTaken],
    example={
        "request": {"effective_at": "2026-12-01T00:00:00Z"}, "answer": PUBLISHED_EXAMPLE,
    },
)  # fmt: skip
def publish_policy(call: Call) -> Reply:
    start: PolicyStart = call.body
    begins = to_ms(start.effective_at) if start.effective_at else None
    act = audit.act_of(call, "policy.publish", call.path["id"])
    done = actions.publish_policy(call.path["id"], begins, call.seen_version, act, call.now)
    return answer_of(done, _admin_view)


def _shown(policy: Policy | None, call: Call) -> PolicyView | None:
    if policy is None:
        return None
    return shaped(
        PolicyView,
        policy,
        version=policy.name,
        title=policy.title.in_language(call.language),
        text=policy.text.in_language(call.language) if policy.text else None,
        changes=policy.changes.in_language(call.language) if policy.changes else None,
        effective_at=rfc3339_ms(policy.effective_at or policy.created_at),
    )


def _row_view(item: PolicyItem) -> AdminPolicyView:
    return _admin_view(item.policy)


def _admin_view(policy: Policy) -> AdminPolicyView:
    return shaped(
        AdminPolicyView,
        policy,
        effective_at=rfc3339_ms(policy.effective_at) if policy.effective_at else None,
        created_at=rfc3339_ms(policy.created_at),
    )
