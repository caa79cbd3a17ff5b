"""The service's own routes: is it up, what does it offer."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
from chalice.app import Blueprint

from chalicelib.kernel.http import Reply, route
from chalicelib.kernel.requests import Call

service = Blueprint(__name__)

_PAGE = Path(__file__).parent / "docs"


class Health(msgspec.Struct):
    """Whether this process answers; it asks nobody else."""

    status: Literal["ok"] = "ok"


@route(
    service, "GET", "/v1/health",
    summary="Whether the service answers",
    answer=Health,
    example={"answer": {"status": "ok"}},
)  # fmt: skip
def health(_call: Call) -> Reply:
    return Reply(Health())


@route(
    service, "GET", "/openapi.json",
    summary="This document: OpenAPI 3.1, made from the code",
    answer=dict[str, Any],
    example={"answer": {"openapi": "3.1.0"}},
)  # fmt: skip
def openapi(_call: Call) -> Reply:
    from chalicelib.kernel.openapi import document_text

    return Reply(document_text(), headers={"Cache-Control": "public, max-age=60"})


@route(
    service, "GET", "/docs",
    summary="The document as a page to read",
    answer=str,
    produces="text/html; charset=utf-8",
    example={"answer": "<!doctype html>"},
)  # fmt: skip
def docs(_call: Call) -> Reply:
    page, policy = _docs_page()
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "public, max-age=60",
    }
    return Reply(page, headers=headers)


@cache
def _docs_page() -> tuple[str, str]:
    """The page with its style and script inside, and a policy that lets in only those."""
    style, script = ((_PAGE / name).read_text("utf-8") for name in ("page.css", "page.js"))
    page = (_PAGE / "page.html").read_text("utf-8")
    page = page.replace("/* page.css */", style).replace("/* page.js */", script)
    policy = (
        "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors 'none'; style-src {_hash(style)}; script-src {_hash(script)}"
    )
    return page, policy


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
