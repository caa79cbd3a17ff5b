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
from chalicelib.kernel.http import problem
from infra.docs.errors import error_kinds, error_table
from tests.api import Api

ROOT = Path(__file__).parents[2]
LETTERS = re.compile(r"[一-鿿]")


def test_the_page_needs_nothing_from_elsewhere() -> None:
    answer = Api().get("/docs")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert re.findall(r"""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//""", answer.body) == []
    assert "http://" not in answer.body
    assert "https://" not in answer.body


def test_the_pages_policy_lets_in_its_own_style_and_script_only() -> None:
    answer = Api().get("/docs")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        inside = answer.body.split(f"<{tag}>")[1].split(f"</{tag}>")[0]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_the_table_of_errors_is_not_stale() -> None:
    assert (ROOT / "docs" / "errors.md").read_text("utf-8") == error_table()


def test_every_code_is_one_errors_own() -> None:
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
    """Where an error is made, or named to be made, without a fact that its words speak of."""
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
    """The names that `.telling(…)` adds to the words of an error, by the call that makes it."""
    told: dict[int, set[str | None]] = {}
    for outer in ast.walk(tree):
        names, node = set[str | None](), outer
        while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "telling":
                names |= {word.arg for word in node.keywords}
            if node.func.attr == "worded_as":
                names.add(None)
            node = node.func.value
        told.setdefault(id(node), set()).update(names)
    return told


def _name(node: ast.expr) -> str:
    return str(getattr(node, "attr", getattr(node, "id", "")))


def test_errors_are_made_with_the_facts_that_their_words_name() -> None:
    assert list(_calls_without_their_facts()) == []


def test_facts_do_not_hide_a_problems_own_members() -> None:
    refusal = NotAllowedInThisState(status="shipped").telling(state=Words("已发货", "Shipped"))
    refused = problem(refusal, "en", "req")
    body = json.loads(refused.body)
    assert (body["status"], body["current_status"]) == (409, "shipped")
    assert body["detail"] == "The state is: Shipped"
