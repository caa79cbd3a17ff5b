"""The document speaks English and Chinese, and says the same in both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

import app  # noqa: F401 - its contexts' routes are known
from chalicelib.kernel.web.http import ROUTES
from chalicelib.kernel.web.openapi import document
from chalicelib.kernel.web.openapi_words import chinese
from tests.api import Api

LETTERS = re.compile(r"[一-鿿]")
NAME = re.compile(r"`([A-Za-z0-9_./{}:-]+)`")


def _texts(value: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each text of the document, by its path."""
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, (*at, str(number)))
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in ("summary", "description", "x-displayName") and isinstance(inner, str):
                yield (*at, name), inner
            elif name not in ("example", "examples"):
                yield from _texts(inner, (*at, name))


@pytest.fixture(scope="module")
def both() -> tuple[dict[str, Any], dict[str, Any]]:
    return document(ROUTES, "en"), document(ROUTES, "zh-CN")


def test_every_paragraph_has_its_chinese(both: tuple[dict[str, Any], ...]) -> None:
    english = {p for at, text in _texts(both[0]) for p in text.split("\n\n")}
    lacking = {
        p
        for at, text in _texts(both[1])
        for p in text.split("\n\n")
        if not LETTERS.search(p) or p in english
    }
    assert sorted(lacking) == [], "chalicelib/kernel/web/docs/zh-CN.json lacks these"


def test_no_chinese_text_is_left_without_its_english(both: tuple[dict[str, Any], ...]) -> None:
    english = {p for _, text in _texts(both[0]) for p in text.split("\n\n")}
    assert sorted(set(chinese()) - english) == []


def test_the_english_document_is_in_english(both: tuple[dict[str, Any], ...]) -> None:
    assert [text for _, text in _texts(both[0]) if LETTERS.search(text)] == []


def test_both_documents_name_the_same_things(both: tuple[dict[str, Any], ...]) -> None:
    english, other = (dict(_texts(each)) for each in both)
    assert english.keys() == other.keys()
    for at, text in english.items():
        assert set(NAME.findall(text)) == set(NAME.findall(other[at])), at


def test_both_documents_differ_only_in_their_texts(both: tuple[dict[str, Any], ...]) -> None:
    def bare(value: Any) -> Any:
        if isinstance(value, list):
            return [bare(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        words = {"summary", "description", "x-displayName", "x-tagGroups", "title", "detail"}
        return {k: bare(v) for k, v in value.items() if k not in words or not isinstance(v, str)}

    english, other = (bare({**each, "x-tagGroups": []}) for each in both)
    assert english == other


def test_a_docstring_is_markdown_without_its_indentation(
    both: tuple[dict[str, Any], ...],
) -> None:
    assert [text for _, text in _texts(both[0]) if re.search(r"[^\n]\n[^\n]|\n {2}", text)] == []


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "Place an order"), ("?language=en", "Place an order"), ("?language=zh-CN", "下单")],
)
def test_a_query_parameter_chooses_the_language(query: str, words: str) -> None:
    # Not by Accept-Language: the document of an address is one.
    answer = Api().get(f"/openapi.json{query}", headers={"Accept-Language": "zh-CN"})
    assert answer.body["paths"]["/v1/orders"]["post"]["summary"].startswith(words)


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    answer = Api().get("/openapi.json?language=fr")
    assert answer.status == 400
    assert answer.body["errors"][0]["message"] == "must be one of en, zh-CN"
