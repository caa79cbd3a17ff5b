"""Who may call what: every route, by its roles."""

from __future__ import annotations

import pytest

import app  # noqa: F401 - its routes are registered
from chalicelib.kernel.auth import ADMIN, AGENT, MEMBER, OPS, STAFF_ROLES
from chalicelib.kernel.http import ROUTES, Route
from tests.api import Api, token


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


with_roles = pytest.mark.parametrize("route", [r for r in ROUTES if r.roles], ids=name_of)


def _path(route: Route) -> str:
    return route.path.replace("{id}", "x").replace("{sku}", "x")


@with_roles
def test_agents_read_ops_and_admins_write_and_members_have_their_own(route: Route) -> None:
    if not route.path.startswith("/v1/admin/"):
        assert route.roles == {MEMBER}
    elif route.method == "GET":
        assert route.roles == {AGENT, OPS, ADMIN}
    else:
        assert route.roles == {OPS, ADMIN}


@with_roles
def test_nobody_gets_in_without_a_token_or_with_another_role(route: Route) -> None:
    api, body = Api(), None if route.body is None else {}
    for bad in (None, "not.a.token"):
        assert api.request(route.method, _path(route), body, as_=bad).status == 401
    for role in {MEMBER, *STAFF_ROLES} - route.roles:
        answer = api.request(route.method, _path(route), body, as_=token("mbr_x", role))
        assert (answer.status, answer.body["code"]) == (403, "forbidden")


@pytest.mark.parametrize("route", [r for r in ROUTES if r.key], ids=name_of)
def test_what_moves_or_makes_something_needs_a_key(route: Route) -> None:
    as_ = token("mbr_x", *route.roles)
    answer = Api().request(route.method, _path(route), {}, as_=as_)
    assert (answer.status, answer.body["code"]) == (400, "idempotency_key_required")
