"""The service's own routes: health, the OpenAPI document, its page."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, Literal, cast

import msgspec
from chalice.app import Blueprint

from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call

if TYPE_CHECKING:
    from chalicelib.kernel.web.application import Application

service = Blueprint(__name__)

_FOLDER = Path(__file__).parent / "docs"
Language = Literal["en", "zh-CN"]


class Health(msgspec.Struct):
    """Whether this process answers; it asks nobody else."""

    status: Literal["ok"] = "ok"


class DocumentQuery(msgspec.Struct, forbid_unknown_fields=True):
    language: Language = "en"


class PageQuery(msgspec.Struct, forbid_unknown_fields=True):
    language: Language | None = None


@route(
    service, "GET", "/v1/health",
    summary="Whether the service answers",
    answer=Health,
    example={"answer": {"status": "ok"}},
)  # fmt: skip
def show_health(_call: Call) -> Reply:
    return Reply(Health())


@route(
    service, "GET", "/openapi.json",
    summary="This document: OpenAPI 3.1, made from the code",
    query=DocumentQuery,
    answer=dict[str, Any],
    example={"answer": {"openapi": "3.1.0"}},
)  # fmt: skip
def show_document(call: Call) -> Reply:
    from chalicelib.kernel.web.openapi import document_text

    cast("Application", service.current_app).import_routes()
    text = document_text(call.query.language)
    return Reply(text, headers={"Cache-Control": "public, max-age=60"})


@route(
    service, "GET", "/docs",
    summary="The document as a page to read and to try, in the language of the caller",
    query=PageQuery,
    answer=str,
    produces="text/html; charset=utf-8",
    example={"answer": "<!doctype html>"},
)  # fmt: skip
def show_docs(call: Call) -> Reply:
    page, policy = _page(call.query.language or call.language)
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "public, max-age=60",
        "Vary": "Accept-Language",
    }
    return Reply(page, headers=headers)


@route(
    service, "GET", "/docs/{script}",
    summary="The page's script, named by its content: it never changes",
    answer=str,
    produces="text/javascript; charset=utf-8",
    may_raise=[NotFound],
    example={"answer": "/* Scalar */"},
)  # fmt: skip
def show_script(call: Call) -> Reply:
    name, text = _viewer()
    if call.path["script"] != name:
        raise NotFound()
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    return Reply(text, headers=headers)


@cache
def _page(language: str) -> tuple[str, str]:
    """The page, and a policy that lets in nothing but what this service serves itself.

    The viewer writes its styles into the page, so those are let in however they are written.
    """
    start = (_FOLDER / "start.js").read_text("utf-8")
    other, switch = ("en", "English") if language == "zh-CN" else ("zh-CN", "中文")
    page = Template((_FOLDER / "page.html").read_text("utf-8")).substitute(
        language=language, other=other, switch=switch, script=_viewer()[0], start=start
    )
    digest = base64.b64encode(hashlib.sha256(start.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    return page, policy


@cache
def _viewer() -> tuple[str, str]:
    """Scalar's script, which comes of npm and is put here before this runs, under a name of it."""
    content = (_FOLDER / "scalar.js").read_bytes()
    return f"scalar-{hashlib.sha256(content).hexdigest()[:16]}.js", content.decode()
