"""Which routes ask for a member's consent."""

from __future__ import annotations

from chalicelib.kernel.web.http import ROUTES


def test_what_earns_or_spends_asks_for_consent() -> None:
    asking = {f"{route.method} {route.path}" for route in ROUTES if route.consent}
    assert asking == {
        "POST /v1/orders",
        "POST /v1/me/points/transfers",
        "POST /v1/me/withdrawals",
        "POST /v1/me/check-ins",
        "POST /v1/me/tasks/{task}/claims",
        "POST /v1/me/missions/{id}/claims",
        "POST /v1/coupons/{template_id}/claims",
        "POST /v1/coupons/codes/{code}/claims",
        "POST /v1/me/coupons/{id}/transfers",
        "POST /v1/lotteries/{id}/draws",
    }
