"""Who may call what: every route, by its roles."""

from __future__ import annotations

import pytest

import app  # noqa: F401 - its routes are registered
from chalicelib.kernel.web.auth import ADMIN, AGENT, FINANCE, MEMBER, OPS, STAFF_ROLES
from chalicelib.kernel.web.http import ROUTES, Route
from tests.api import Api, token

# The routes of the staff that are not read by agents, ops and admins, or written by the latter two.
OTHERS = {
    "GET /v1/admin/overview": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/parked": {OPS, ADMIN},
    "GET /v1/admin/orders": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/orders/{id}": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/exports/orders": {OPS, ADMIN},
    "GET /v1/admin/imports/{id}/lines": {OPS, ADMIN},
    "GET /v1/admin/reports/sellers": {OPS, FINANCE, ADMIN},
    "POST /v1/admin/vouchers/{code}/use": {AGENT, OPS, ADMIN},
    "GET /v1/admin/orders/{id}/payments": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/members": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/members/{id}": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/tiers": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/members/{id}/tier": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/members/{id}/points": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/members/{id}/points/entries": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/audit": {OPS, FINANCE, ADMIN},
    "GET /v1/admin/ledger/verify": {OPS, FINANCE, ADMIN},
    "GET /v1/admin/ledger/totals": {OPS, FINANCE, ADMIN},
    "GET /v1/admin/jobs/{id}": {OPS, FINANCE, ADMIN},
    "GET /v1/admin/jobs/{id}/days.csv": {OPS, FINANCE, ADMIN},
    "GET /v1/admin/settlements": {FINANCE, ADMIN},
    "GET /v1/admin/settlements/{id}": {FINANCE, ADMIN},
    "POST /v1/admin/settlements/{id}/rebuild": {FINANCE, ADMIN},
    "GET /v1/admin/trial-balances/{month}": {FINANCE, ADMIN},
    "GET /v1/admin/liability": {FINANCE, ADMIN},
    "GET /v1/admin/liability.csv": {FINANCE, ADMIN},
    "GET /v1/admin/liability.svg": {FINANCE, ADMIN},
    "POST /v1/admin/orders/{id}/refunds": {OPS, FINANCE, ADMIN},
    "POST /v1/admin/orders/{id}/settle": {OPS, FINANCE, ADMIN},
    "GET /v1/admin/refunds": {OPS, FINANCE, ADMIN},
    "POST /v1/admin/orders/{id}/refunds/{refund_id}/retry": {FINANCE, ADMIN},
    "POST /v1/admin/orders/{id}/refunds/{refund_id}/paid-by-hand": {FINANCE, ADMIN},
    "POST /v1/admin/orders/{id}/refunds/{refund_id}/waive": {FINANCE, ADMIN},
    "POST /v1/admin/cod-remittances": {FINANCE, ADMIN},
    "GET /v1/admin/webhooks": {OPS, FINANCE, ADMIN},
    "POST /v1/admin/webhooks/{object}/{fact}/replay": {OPS, FINANCE, ADMIN},
    "GET /v1/admin/risk/cases": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/risk/cases/{member_id}": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/risk/rules": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/places": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/places/{id}": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/places/{id}/counts": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/campaigns/{id}/results": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/campaigns/{id}/results.csv": {AGENT, OPS, FINANCE, ADMIN},
    "POST /v1/admin/campaigns/{id}/preview": {AGENT, OPS, ADMIN},
    "GET /v1/admin/login-codes": {OPS, ADMIN},
    "GET /v1/admin/people": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/adjustments": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/adjustments/limits": {AGENT, OPS, FINANCE, ADMIN},
    "POST /v1/admin/adjustments/{id}/approve": {OPS, FINANCE, ADMIN},
    "POST /v1/admin/adjustments/{id}/reject": {OPS, FINANCE, ADMIN},
    "GET /v1/admin/withdrawals": {FINANCE, ADMIN},
    "GET /v1/admin/withdrawals/{id}": {FINANCE, ADMIN},
    "POST /v1/admin/withdrawals/{id}/approve": {FINANCE, ADMIN},
    "POST /v1/admin/withdrawals/{id}/reject": {FINANCE, ADMIN},
    "POST /v1/admin/withdrawals/{id}/mark-paid": {FINANCE, ADMIN},
    "POST /v1/admin/withdrawals/{id}/mark-failed": {FINANCE, ADMIN},
    "POST /v1/admin/withdrawals/{id}/mark-returned": {FINANCE, ADMIN},
    "POST /v1/admin/bank-files": {FINANCE, ADMIN},
    "GET /v1/admin/bank-files": {FINANCE, ADMIN},
    "GET /v1/admin/bank-files/{id}": {FINANCE, ADMIN},
    "GET /v1/admin/reconciliations": {FINANCE, ADMIN},
    "GET /v1/admin/reconciliations/{day}": {FINANCE, ADMIN},
    "GET /v1/admin/reconciliation-findings": {FINANCE, ADMIN},
    "POST /v1/admin/reconciliation-findings/{id}/explain": {FINANCE, ADMIN},
    "GET /v1/admin/orders/{id}/invoices": {AGENT, OPS, FINANCE, ADMIN},
    "GET /v1/admin/invoices": {FINANCE, ADMIN},
    "GET /v1/admin/invoices/{id}": {FINANCE, ADMIN},
    "POST /v1/admin/invoices/{id}/issue": {FINANCE, ADMIN},
    "POST /v1/admin/invoices/{id}/issue-red": {FINANCE, ADMIN},
    "POST /v1/admin/reviews/{id}/reply": {AGENT, OPS, ADMIN},
    "POST /v1/admin/members/{id}/notes": {AGENT, OPS, ADMIN},
}


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


with_roles = pytest.mark.parametrize("route", [r for r in ROUTES if r.roles], ids=name_of)


def _path(route: Route) -> str:
    return route.path.replace("{id}", "x").replace("{sku}", "x")


@with_roles
def test_each_path_has_the_roles_of_its_audience(route: Route) -> None:
    if not route.path.startswith("/v1/admin/"):
        assert route.roles == {MEMBER}
    elif name_of(route) in OTHERS:
        assert route.roles == OTHERS[name_of(route)]
    elif route.method == "GET":
        assert route.roles == {AGENT, OPS, ADMIN}
    else:
        assert route.roles == {OPS, ADMIN}


def test_every_exception_to_the_roles_is_a_route() -> None:
    assert set(OTHERS) <= set(map(name_of, ROUTES))


@with_roles
def test_a_call_without_a_token_or_with_another_role_is_refused(route: Route) -> None:
    api, body = Api(), None if route.body is None else {}
    for bad in (None, "not.a.token"):
        assert api.request(route.method, _path(route), body, as_=bad).status == 401
    for role in {MEMBER, *STAFF_ROLES} - route.roles:
        answer = api.request(route.method, _path(route), body, as_=token("mbr_x", role))
        assert (answer.status, answer.body["code"]) == (403, "forbidden")


@pytest.mark.parametrize("route", [r for r in ROUTES if r.key], ids=name_of)
def test_a_route_with_a_key_refuses_a_call_without_one(route: Route) -> None:
    as_ = token("mbr_x", *route.roles)
    answer = Api().request(route.method, _path(route), {}, as_=as_)
    assert (answer.status, answer.body["code"]) == (400, "idempotency_key_required")
