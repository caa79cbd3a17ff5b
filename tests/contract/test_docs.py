"""The page at /docs and the table of errors."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import app  # noqa: F401 - its contexts' errors are in the tree
from chalicelib.kernel.errors import JifenError, NotAllowedInThisState, Words
from chalicelib.kernel.web.http import problem
from infra.docs.errors import error_kinds, error_table
from infra.local import downloads
from infra.local.settings import from_environment
from tests.api import Api

ROOT = Path(__file__).parents[2]
LETTERS = re.compile(r"[一-鿿]")


@pytest.fixture(scope="module", autouse=True)
def viewer() -> None:
    downloads.put_viewer(from_environment().cache)


def _script(page: str) -> str:
    """The path of the page's script."""
    (source,) = re.findall(r'<script src="([^"]+)">', page)
    return f"/{source}"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_page_loads_nothing_from_other_hosts(language: str) -> None:
    answer = Api().get(f"/docs?language={language}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    loaded = re.findall(r"""\b(?:src|href|url)\s*[=:]\s*["']([^"']+)""", answer.body)
    assert {each.split("?")[0].split(",")[0] for each in loaded} == {
        "",
        "data:",
        _script(answer.body)[1:],
        "openapi.json",
    }
    assert not re.search(r"https?:|//", answer.body.replace("<!--", ""))


def test_the_pages_policy_allows_this_service_only() -> None:
    answer = Api().get("/docs")
    start = answer.body.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(start.encode()).digest()).decode()
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'",
        "script-src": f"'self' 'sha256-{digest}'",
        "style-src": "'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


@pytest.mark.parametrize(
    ("query", "accepted", "language", "other"),
    [
        ("", "zh-CN", "zh-CN", "en"), ("", "en-GB", "en", "zh-CN"), ("", "", "zh-CN", "en"),
        ("?language=en", "zh-CN", "en", "zh-CN"), ("?language=zh-CN", "en", "zh-CN", "en"),
    ],
)  # fmt: skip
def test_the_page_is_in_the_requested_language_and_links_to_the_other(
    query: str, accepted: str, language: str, other: str
) -> None:
    answer = Api().get(f"/docs{query}", headers={"Accept-Language": accepted})
    assert f'<html lang="{language}">' in answer.body
    assert f'href="?language={other}">' in answer.body
    assert answer.headers["Vary"] == "Accept-Language"


def test_the_script_is_the_viewers_and_may_be_cached_for_ever() -> None:
    path = _script(Api().get("/docs").body)
    answer = Api().get(path)
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    content = (ROOT / "node_modules" / downloads.VIEWER).read_text("utf-8")
    assert answer.body == content
    assert hashlib.sha256(content.encode()).hexdigest()[:16] in path
    assert Api().get("/docs/scalar-0000000000000000.js").status == 404


def test_the_script_fits_into_a_functions_answer() -> None:
    # Source: Lambda's quota of a synchronous answer; characters beyond ASCII may be escaped.
    answer = Api().get(_script(Api().get("/docs").body))
    assert len(json.dumps({"body": answer.body, "headers": answer.headers})) < 6 * 1024 * 1024


def test_the_table_of_errors_is_up_to_date() -> None:
    assert (ROOT / "docs" / "errors.md").read_text("utf-8") == error_table()


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in error_kinds()]
    assert sorted(set(codes)) == sorted(codes)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", code) for code in codes)


@pytest.mark.parametrize("kind", error_kinds(), ids=lambda kind: kind.__name__)
def test_an_error_speaks_both_languages(kind: type[JifenError]) -> None:
    assert LETTERS.search(kind.title.zh)
    assert kind.title.en
    assert not LETTERS.search(kind.title.en + kind.hint.en)
    assert bool(kind.hint.zh) == bool(kind.hint.en)
    names = [set(re.findall(r"{(\w+)}", text)) for text in kind.hint]
    assert names[0] == names[1]


def _calls_without_their_facts() -> Iterator[str]:
    """The places that make an error without a fact of its text."""
    needed = {kind.__name__: set(re.findall(r"{(\w+)}", kind.hint.en)) for kind in error_kinds()}
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        told = _told(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            given = {word.arg for word in node.keywords} | told.get(id(node), set())
            if None not in given and needed.get(_name(node.func), set()) - given:
                yield f"{path.name}:{node.lineno} makes {_name(node.func)}"
            for word in node.keywords:
                if word.arg == "or_raise" and needed.get(_name(word.value)):
                    yield f"{path.name}:{node.lineno} names {_name(word.value)}"


def _told(tree: ast.Module) -> dict[int, set[str | None]]:
    """The names that `.telling(…)` adds to the text of an error, by its call."""
    told: dict[int, set[str | None]] = {}
    for outer in ast.walk(tree):
        names, node = set[str | None](), outer
        while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "telling":
                names |= {word.arg for word in node.keywords}
            if node.func.attr in ("worded_as", "saying"):
                names.add(None)
            node = node.func.value
        told.setdefault(id(node), set()).update(names)
    return told


def _name(node: ast.expr) -> str:
    return str(getattr(node, "attr", getattr(node, "id", "")))


def test_every_error_carries_the_facts_that_its_text_names() -> None:
    assert list(_calls_without_their_facts()) == []


def test_facts_of_an_error_do_not_replace_members_of_the_problem() -> None:
    refusal = NotAllowedInThisState(status="shipped").telling(state=Words("已发货", "Shipped"))
    refused = problem(refusal, "en", "req")
    body = json.loads(refused.body)
    assert (body["status"], body["current_status"]) == (409, "shipped")
    assert body["detail"] == "The state is: Shipped"
