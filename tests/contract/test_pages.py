"""The table of routes and their pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.docs.openapi import openapi_text
from infra.docs.pages import (
    DOCUMENT,
    Unused,
    never_called,
    page_table,
    with_page_table,
)

ROOT = Path(__file__).parents[2]


def test_the_table_of_routes_and_pages_is_of_these_sources() -> None:
    written = (ROOT / DOCUMENT).read_text("utf-8")
    assert with_page_table(written) == written, "run .venv/bin/python -m infra.docs"


def test_a_route_without_a_page_and_a_reason_is_named(tmp_path: Path) -> None:
    page = tmp_path / "mall" / "src" / "page.vue"
    page.parent.mkdir(parents=True)
    page.write_text('jifen.GET("/v1/me")')
    with pytest.raises(Unused) as refused:
        page_table(tmp_path)
    assert "GET /v1/orders/{id}" in str(refused.value)
    assert "GET /v1/me," not in str(refused.value)


def test_a_call_over_lines_is_found_and_no_reason_outlives_its_route(tmp_path: Path) -> None:
    page = tmp_path / "console" / "src" / "all.ts"
    page.parent.mkdir(parents=True)
    routes = [
        (method.upper(), path)
        for path, methods in json.loads(openapi_text())["paths"].items()
        for method in methods
        if method != "parameters"
    ]
    page.write_text("".join(f'api.{method}(\n  "{path}"\n);\n' for method, path in routes))
    rows = [line for line in page_table(tmp_path).splitlines() if line.startswith("| `")]
    assert len(rows) == len(routes)
    assert all("`console/all.ts`" in row for row in rows)


def test_a_call_that_pages_have_and_no_journey_made_is_named(tmp_path: Path) -> None:
    page = tmp_path / "console" / "src" / "orders.ts"
    page.parent.mkdir(parents=True)
    calls = (
        ("GET", "/v1/me"),
        ("POST", "/v1/admin/orders/{id}/take"),
        ("POST", "/v1/admin/orders/{id}/refunds/{refund_id}/retry"),
        ("GET", "/v1/admin/skus/{sku}"),
    )
    page.write_text("".join(f'api.{method}("{path}");' for method, path in calls))
    made = ["GET /v1/me\n", "POST /v1/admin/orders/ord_1/take\n", "GET /v1/admin/skus/A.B\n"]
    assert never_called(made, tmp_path) == ["POST /v1/admin/orders/{id}/refunds/{refund_id}/retry"]
    assert "GET /v1/me" in never_called(["GET /v1/me/points\n"], tmp_path)
    assert never_called(["GET /v1/nothing/of/ours\n"], tmp_path)
