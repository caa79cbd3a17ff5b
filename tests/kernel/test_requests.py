"""Bad input: each kind is refused by name, none is a crash."""

from __future__ import annotations

import base64
import time
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
import pytest

from chalicelib.kernel.errors import (
    IdempotencyKeyRequired,
    Invalid,
    JifenError,
    NotFound,
    NotJson,
    TooLarge,
    UnknownField,
    UnsupportedMedia,
)
from chalicelib.kernel.texts import kind
from chalicelib.kernel.web.requests import (
    MAX_BODY_BYTES,
    check_media_type,
    check_path,
    decode_body,
    decode_query,
    idempotency_key,
    language_of,
    raw_body,
)

pytestmark = pytest.mark.pure


class Line(msgspec.Struct, forbid_unknown_fields=True):
    quantity: Annotated[int, msgspec.Meta(ge=1, le=100)]
    note: str = ""


class Body(msgspec.Struct, forbid_unknown_fields=True):
    items: list[Line]
    total: int = 0
    data: dict[str, Any] = {}


class Kind(msgspec.Struct):
    kind: Literal["one"]


class Query(msgspec.Struct, forbid_unknown_fields=True, rename={"sort_by": "sort"}):
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20
    most: int | None = None
    open: bool = False
    sort_by: str | None = None
    since: datetime | None = None


def refusal(content: bytes) -> tuple[type[JifenError], str | None]:
    with pytest.raises(JifenError) as refused:
        decode_body(content, Body)
    fields = refused.value.fields
    return type(refused.value), fields[0].field if fields else None


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"nonsense", b'{"items": [}', b'{"items": []} x', b'{"total": NaN, "items": []}',
        b'\xef\xbb\xbf{"items": []}', b'{"items": [{"quantity": 1, "note": "\xff"}]}',
        b'{"items": [{"quantity": 1, "note": "\xed\xa0\x80"}]}',
        b'{"items": [{"quantity": 1, "note": "\\ud800"}]}',
        b'{"items": [{"quantity": 1, "note": "\x00"}]}', b'{"\xff": 1}',
        b'{"items": [], "data": ' + b'{"a":' * 100_000 + b"}" * 100_001,
    ],
)  # fmt: skip
def test_a_body_that_is_not_json_in_utf8_is_refused(content: bytes) -> None:
    assert refusal(content) == (NotJson, None)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b'{"items": [{"quantity": 1.0}]}', "items[0].quantity"),
        (b'{"items": [{"quantity": 1e2}]}', "items[0].quantity"),
        (b'{"items": [{"quantity": true}]}', "items[0].quantity"),
        (b'{"items": [{"quantity": "1"}]}', "items[0].quantity"),
        (b'{"items": [{"quantity": null}]}', "items[0].quantity"),
        (b'{"items": [{"quantity": 0}]}', "items[0].quantity"),
        (b'{"items": [{"quantity": -5}]}', "items[0].quantity"),
        (b'{"items": [{"quantity": 1}, {"quantity": 101}]}', "items[1].quantity"),
        (b'{"items": [{"quantity": 99999999999999999999999999}]}', "items[0].quantity"),
        (b'{"items": [{"note": "x"}]}', "items[0].quantity"),
        (b'{"items": {}}', "items"),
        (b"{}", "items"),
        (b'{"items": [], "total": 9223372036854775808}', "total"),
        (b'{"items": [], "total": -9223372036854775808}', "total"),
        (b'{"items": [], "total": ' + b"9" * 5000 + b"}", "total"),
        (b'{"items": [], "total": 1E400}', "total"),
        (b'{"items": [], "data": {"a": [1, 99999999999999999999]}}', "data.a[1]"),
        (b'{"items": [{"quantity": 1, "note": "a\\u0000b"}]}', "items[0].note"),
        (b'{"items": [], "data": {"a\\u0000": 1}}', "data"),
        (b"[]", ""),
        (b"null", ""),
    ],
)
def test_an_invalid_value_is_named_by_its_path(content: bytes, field: str) -> None:
    assert refusal(content) == (Invalid, field)


@pytest.mark.parametrize("number", [b"1.0", b"1.5", b"1e0", b"-0.0"])
def test_a_float_has_a_code_of_its_own(number: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        decode_body(b'{"items": [{"quantity": ' + number + b"}]}", Body)
    assert refused.value.fields[0][:2] == ("items[0].quantity", "not_an_integer")


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b'{"items": [], "typo": 1}', "typo"),
        (b'{"items": [{"quantity": 1, "typo": 1}]}', "items[0].typo"),
        (b'{"items": [], "{0}": 1}', "{0}"),
        (b'{"items": [], "two\\nlines": 1}', "two\nlines"),
        (b'{"items": [], "' + b"x" * 900_000 + b'": 1}', "x" * 200),
    ],
)
def test_an_unknown_field_is_named_by_its_path(content: bytes, field: str) -> None:
    assert refusal(content) == (UnknownField, field)


class Labelled(msgspec.Struct, forbid_unknown_fields=True):
    labels: dict[Annotated[str, kind(20)], Annotated[str, kind(20)]]


class Shelf(msgspec.Struct, forbid_unknown_fields=True):
    goods: list[Labelled]


@pytest.mark.parametrize("second", ["colour\u200b", " colour", "colour\u00a0"])
def test_names_that_look_alike_do_not_pass_a_map_by_unspelt(second: str) -> None:
    goods = [{"labels": {"a": "b"}}, {"labels": {"colour": "red", second: "blue\u202e"}}]
    with pytest.raises(Invalid) as refused:
        decode_body(msgspec.json.encode({"goods": goods}), Shelf)
    [error] = refused.value.fields
    assert (error.field, error.code) == (f"goods[1].labels.{second}", "duplicate")


def test_a_hostile_field_name_is_refused_quickly() -> None:
    began = time.monotonic()
    assert refusal(b'{"items": [], "' + b" - at `" * 140_000 + b'\\n": 1}')[0] is UnknownField
    assert time.monotonic() - began < 2


def test_an_invalid_value_is_not_repeated_at_length() -> None:
    with pytest.raises(Invalid) as refused:
        decode_body(b'{"kind": "' + b"x" * 900_000 + b'"}', Kind)
    assert len(refused.value.fields[0].message.en) <= 200


@pytest.mark.parametrize(
    "at", [rb"9999-12\u002d31T23:59:59-14:00", rb"000\u0031-01-01T00:00:00+14:00"]
)
def test_an_instant_outside_the_calendar_is_refused_in_any_form(at: bytes) -> None:
    assert refusal(b'{"items": [], "data": {"at": "' + at + b'"}}') == (Invalid, "data.at")


def test_harmless_texts_that_look_suspicious_are_accepted() -> None:
    text = rb'{"items": [{"quantity": 1, "note": "\\u0000 12345678901234567890"}], "total": -1}'
    decoded = decode_body(text, Body)
    assert decoded.items[0].note == r"\u0000 12345678901234567890"


def query(**given: str | list[str]) -> Query:
    lists = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    return decode_query({"multiValueQueryStringParameters": lists}, Query)


def test_a_query_is_typed_and_has_defaults() -> None:
    assert decode_query({"multiValueQueryStringParameters": None}, Query) == Query()
    assert query(limit="100", most="-3", open="true", sort="newest") == Query(
        100, -3, True, "newest"
    )
    assert query(sort="null") == Query(sort_by="null")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *[("limit", text) for text in ("0", "101", "1.0", "1e1", " 1", "+1", "01", "", "x", "１")],
        *[("most", text) for text in ("null", "-0", "2.5", "9" * 25, "9" * 5000)],
        *[("open", text) for text in ("1", "yes", "True", "")],
        *[("sort", text) for text in ("a\0b", "\ud800")],
        *[("since", text) for text in ("0.5", "1795303228", "2026-11-21", "null", "tomorrow")],
    ],
)
def test_an_invalid_query_value_is_named(name: str, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        query(**{name: text})
    assert refused.value.fields[0].field == name


def test_a_query_parameter_given_twice_or_unknown_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        query(limit=["1", "1"])
    assert refused.value.fields[0][:2] == ("limit", "duplicate")
    with pytest.raises(UnknownField) as unknown:
        query(sort_by="newest")
    assert unknown.value.fields[0].field == "sort_by"


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "", "application/jsonx"])
def test_other_media_are_refused(media: str) -> None:
    with pytest.raises(UnsupportedMedia):
        check_media_type({"content-type": media})


def test_a_content_type_with_parameters_or_none_is_json() -> None:
    check_media_type({"content-type": "Application/JSON; charset=utf-8"})
    check_media_type({})


def test_a_body_may_have_a_million_bytes_and_no_more() -> None:
    assert len(raw_body({"body": "x" * MAX_BODY_BYTES})) == MAX_BODY_BYTES
    for event in (
        {"body": "x" * (MAX_BODY_BYTES + 1)},
        {"body": "积" * (MAX_BODY_BYTES // 3 + 1)},
        {"body": base64.b64encode(b"x" * (MAX_BODY_BYTES + 1)).decode(), "isBase64Encoded": True},
    ):
        with pytest.raises(TooLarge):
            raw_body(event)


def test_invalid_base64_is_not_json() -> None:
    with pytest.raises(NotJson):
        raw_body({"body": "x", "isBase64Encoded": True})


@pytest.mark.parametrize(
    "key", ["", "short", "x" * 129, "with a space", "密钥密钥密钥密钥", "line\n5678"]
)
def test_a_malformed_key_is_refused_even_by_routes_without_keys(key: str) -> None:
    for required in (True, False):
        with pytest.raises(IdempotencyKeyRequired):
            idempotency_key({"idempotency-key": key}, required=required)


def test_a_missing_key_is_refused_where_one_is_needed() -> None:
    with pytest.raises(IdempotencyKeyRequired):
        idempotency_key({}, required=True)
    assert idempotency_key({}, required=False) is None
    assert idempotency_key({"idempotency-key": "12345678"}, required=True) == "12345678"


@pytest.mark.parametrize("value", ["", "x" * 129, "a b", "a/b", "杯", "a\0", "a\n", "\ud800"])
def test_a_path_value_that_cannot_be_an_id_is_not_found(value: str) -> None:
    with pytest.raises(NotFound):
        check_path({"id": value})


@pytest.mark.parametrize("value", ["ord_abc", "CUP-RED", "2026-11", "shop-1:order-77", "x" * 128])
def test_ids_are_good_path_values(value: str) -> None:
    check_path({"id": value})


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        (None, "zh-CN"), ("", "zh-CN"), ("en", "en"), ("en-GB,en;q=0.8", "en"), ("zh-TW", "zh-CN"),
        ("fr", "zh-CN"), ("fr, en;q=0.1", "en"), ("en;q=0.2, zh;q=0.9", "zh-CN"), ("*", "zh-CN"),
        ("en;q=abc", "en"), ("en;q=1.2.3, zh;q=0.1", "zh-CN"), (",;,;q=", "zh-CN"),
    ],
)  # fmt: skip
def test_the_first_known_language_of_the_header_is_used(accept: str | None, language: str) -> None:
    assert language_of(accept) == language
