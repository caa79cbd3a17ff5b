"""The member's own profile."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.kernel.texts import Avatar, Birthday, Nickname
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members import actions, queries
from chalicelib.members.errors import BirthdayKept
from chalicelib.members.routes import views
from chalicelib.members.routes.blueprint import members
from chalicelib.members.routes.views import MemberView


class ProfileChange(msgspec.Struct, forbid_unknown_fields=True):
    """Absent fields do not change; null clears a field. `birthday` is month and day.
    `avatar` is the path of a checked picture of mine (`POST /v1/me/uploads`); the one before it is
    deleted.
    """

    nickname: Nickname | UnsetType | None = UNSET
    avatar: Avatar | UnsetType | None = UNSET
    birthday: Birthday | UnsetType | None = UNSET


@route(
    members, "GET", "/v1/me",
    summary="My profile", roles=[MEMBER], answer=MemberView,
    example={"answer": views.MEMBER_EXAMPLE},
)  # fmt: skip
def show_me(call: Call) -> Reply:
    return Reply(_view(call.member_id))


@route(
    members, "PATCH", "/v1/me",
    summary="Change my nickname, avatar or birthday",
    roles=[MEMBER], body=ProfileChange, answer=MemberView, may_raise=[BirthdayKept],
    example={"request": {"nickname": "小满"}, "answer": views.MEMBER_EXAMPLE},
)  # fmt: skip
def change_me(call: Call) -> Reply:
    changes: dict[str, Any] = msgspec.to_builtins(call.body)
    actions.change_profile(call.member_id, changes, call.now)
    return Reply(_view(call.member_id))


def _view(member_id: str) -> MemberView:
    return views.member_view(queries.member(member_id), actions.code_of(member_id))
