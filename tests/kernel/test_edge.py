"""Whose address a request comes from, behind CloudFront and without it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel.web import edge
from tests.settings import changed

pytestmark = pytest.mark.pure

EVENT: dict[str, Any] = {"requestContext": {"identity": {"sourceIp": "130.176.1.1"}}}
KEY = "arn:aws:cloudformation:ap-southeast-1:123456789012:stack/jifen-prod/51af3dc0"


def _address(monkeypatch: pytest.MonkeyPatch, key: str, **headers: str) -> str:
    monkeypatch.setattr(edge, "config", lambda: changed(edge_key=key))
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return edge.caller_address(EVENT, given)


def test_cloudfront_tells_the_address_of_its_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    forwarded = "10.0.0.1, 203.0.113.7, 130.176.1.1"
    found = _address(monkeypatch, KEY, jifen_edge=KEY, x_forwarded_for=forwarded)
    assert found == "203.0.113.7", "what the caller itself has written stands before it"


@pytest.mark.parametrize("told", ["", "guessed", KEY[:-1]])
def test_nobody_else_tells_an_address(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    forwarded = "203.0.113.7, 130.176.1.1"
    found = _address(monkeypatch, KEY, jifen_edge=told, x_forwarded_for=forwarded)
    assert found == "130.176.1.1"


def test_a_stage_without_a_key_believes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _address(monkeypatch, "", jifen_edge="", x_forwarded_for="203.0.113.7, 130.176.1.1")
    assert found == "130.176.1.1"


def test_without_forwarded_addresses_the_connection_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _address(monkeypatch, KEY, jifen_edge=KEY) == "130.176.1.1"
