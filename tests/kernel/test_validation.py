"""Every message of msgspec is translated, with a stable code."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from chalicelib.kernel import texts
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.web.requests import decode_body, decode_query
from chalicelib.kernel.web.validation import told

pytestmark = pytest.mark.pure


class Everything(msgspec.Struct, forbid_unknown_fields=True):
    """A field of each kind that a request may hold."""

    count: Annotated[int, Meta(ge=1, le=5)] | None = None
    many: Annotated[int, Meta(multiple_of=5)] = 5
    name: Annotated[str, Meta(min_length=2, max_length=3)] = "ab"
    said: Annotated[str, Meta(min_length=1)] = "a"
    country: Annotated[str, Meta(pattern=texts.COUNTRY)] = "CN"
    odd: Annotated[str, Meta(pattern="^'\"$")] = "'\""
    lines: Annotated[list[int], Meta(min_length=1, max_length=2)] = []
    specs: Annotated[dict[str, str], Meta(min_length=1, max_length=1)] = {}
    at: datetime | None = None
    zoned: Annotated[datetime, Meta(tz=True)] | None = None
    bare: Annotated[datetime, Meta(tz=False)] | None = None
    day: date | None = None
    is_default: bool = False
    kind: Literal["a", "b"] = "a"
    either: int | str | None = None
    rate: float = 0


@pytest.mark.parametrize(
    ("body", "field", "code", "zh", "en"),
    [
        ('{"count": 0}', "count", "out_of_range", "不能小于 1", "must be at least 1"),
        ('{"count": 6}', "count", "out_of_range", "不能大于 5", "must be at most 5"),
        ('{"many": 6}', "many", "out_of_range", "须为 5 的倍数", "must be a multiple of 5"),
        *((f'{{"count": {value}}}', "count", "not_an_integer", "须为整数", "must be an integer")
          for value in ("1.5", "1.0", '"1"', "true")),
        ('{"rate": 1e400}', "rate", "out_of_range", "数值超出范围", "is out of range"),
        ('{"name": "a"}', "name", "too_short", "至少 2 个字符", "must be at least 2 characters"),
        ('{"name": "abcd"}', "name", "too_long", "最多 3 个字符", "must be at most 3 characters"),
        ('{"said": ""}', "said", "blank", "不能为空", "must not be blank"),
        ('{"said": 1}', "said", "invalid", "须为文本", "must be text"),
        ('{"said": null}', "said", "invalid", "须为文本", "must be text"),
        ('{"country": "x"}', "country", "invalid", "须为两个大写字母的国家或地区代码，例如 CN",
         "must be a country's two letters, such as CN"),
        ('{"odd": "x"}', "odd", "invalid", "格式有误", "is not valid"),
        ('{"lines": []}', "lines", "too_few", "至少 1 项", "must hold at least 1"),
        ('{"lines": [1, 2, 3]}', "lines", "too_many", "最多 2 项", "must hold at most 2"),
        ('{"lines": {}}', "lines", "invalid", "须为数组", "must be a list"),
        ('{"lines": [1.5]}', "lines[0]", "not_an_integer", "须为整数", "must be an integer"),
        ('{"specs": {}}', "specs", "too_few", "至少 1 项", "must hold at least 1"),
        ('{"specs": {"a": "", "b": ""}}', "specs", "too_many", "最多 1 项", "must hold at most 1"),
        ('{"specs": 1}', "specs", "invalid", "须为对象", "must be an object"),
        ('{"at": "soon"}', "at", "invalid", "须为 RFC 3339 时间，例如 2026-11-21T08:00:00Z",
         "must be a time as RFC 3339 writes it, such as 2026-11-21T08:00:00Z"),
        ('{"at": 5}', "at", "invalid", "须为时间", "must be a time"),
        ('{"zoned": "2026-11-21T08:00:00"}', "zoned", "invalid", "时间须带时区，例如以 Z 结尾",
         "must carry a time zone, such as Z"),
        ('{"bare": "2026-11-21T08:00:00Z"}', "bare", "invalid", "时间不能带时区",
         "must not carry a time zone"),
        ('{"day": "2026-13-01"}', "day", "invalid", "须为日期，例如 2026-11-21",
         "must be a date, such as 2026-11-21"),
        ('{"is_default": "yes"}', "is_default", "invalid", "须为 true 或 false",
         "must be true or false"),
        ('{"either": 1.5}', "either", "not_an_integer", "须为整数", "must be an integer"),
        ('{"either": true}', "either", "invalid", "须为整数或文本", "must be an integer or text"),
        ("[]", "", "invalid", "须为对象", "must be an object"),
    ],
)  # fmt: skip
def test_an_invalid_field_is_explained_in_both_languages(
    body: str, field: str, code: str, zh: str, en: str
) -> None:
    with pytest.raises(Invalid) as refused:
        decode_body(body.encode(), Everything)
    (error,) = refused.value.fields
    assert (error.field, error.code, tuple(error.message)) == (field, code, (zh, en))


def test_an_invalid_query_is_explained_in_the_same_words() -> None:
    event: dict[str, Any] = {"multiValueQueryStringParameters": {"count": ["x"]}}
    with pytest.raises(Invalid) as refused:
        decode_query(event, Everything)
    (error,) = refused.value.fields
    assert (error.field, error.code, error.message.en) == (
        "count",
        "not_an_integer",
        "must be an integer",
    )


def _messages() -> list[str]:
    """The messages of msgspec about invalid values, from its own library."""
    library = Path(msgspec._core.__file__).read_bytes()
    found = re.findall(
        rb"((?:Expected `|Invalid |Integer value|Number |Duration |Timestamp )[ -~]+)", library
    )
    told = {text.decode().removesuffix("%U").strip() for text in found}
    return sorted(text for text in told if "`rename" not in text and "Source" not in text)


def test_texts_of_msgspec_never_reach_a_caller() -> None:
    """This holds for any version of msgspec."""
    messages = _messages()
    assert len(messages) > 30
    for message in messages:
        said = message.replace("%zd", "7").replace("%lld", "7").replace("%R", "'x'")
        said = said.replace("%U", "x").replace("%s", "int")
        code, words = told(said)
        assert code in {
            "invalid",
            "too_long",
            "too_short",
            "blank",
            "too_many",
            "too_few",
            "out_of_range",
            "not_an_integer",
        }
        assert "Expected" not in words.en
        assert "`" not in words.en + words.zh
        assert re.search("[\u4e00-\u9fff]", words.zh)


@pytest.mark.parametrize("text", ["}{", "{0}", "`$.a`", " - at `$.x`", "\n"])
def test_a_refusal_does_not_repeat_the_sent_value(text: str) -> None:
    body = msgspec.json.encode({"country": text, "specs": {text: 1}})
    with pytest.raises(Invalid) as refused:
        decode_body(body, Everything)
    assert text not in str([tuple(error.message) for error in refused.value.fields])


@pytest.mark.parametrize(
    ("specs", "field", "code"),
    [
        ({"size": "L", "colour": 5, "x": 6}, "specs.colour", "invalid"),
        ({"size": "L", "colour": "\u200b"}, "specs.colour", "blank"),
        ({" size": "L" * 41}, "specs.size", "too_long"),
        ({"a": "x", "b": "y", "c": "z", "last": None}, "specs.last", "invalid"),
        ({**{f"n{number}": "x" for number in range(500)}, "last": None}, "specs", "invalid"),
    ],
)
def test_an_invalid_value_of_a_map_is_refused_by_its_key(
    specs: dict[str, Any], field: str, code: str
) -> None:
    from chalicelib.catalog.rules.drafts import ProductDraft, SkuDraft

    sku = {"sku": "A", "specs": specs}
    with pytest.raises(Invalid) as refused:
        decode_body(msgspec.json.encode(sku), SkuDraft)
    assert [(each.field, each.code) for each in refused.value.fields] == [(field, code)]
    with pytest.raises(Invalid) as refused:
        decode_body(msgspec.json.encode({"skus": [sku]}), ProductDraft)
    assert [each.field for each in refused.value.fields] == [f"skus[0].{field}"]


def test_a_repeated_key_is_refused_by_the_path_of_its_map() -> None:
    from chalicelib.catalog.rules.drafts import SkuDraft

    with pytest.raises(Invalid) as refused:
        decode_body(b'{"sku": "A", "specs": {"a": 1, "a": "b"}}', SkuDraft)
    assert refused.value.fields[0].field == "specs"


@pytest.mark.parametrize(("name", "code"), [("\u008f", "blank"), ("a" * 21, "too_long")])
def test_an_invalid_key_is_refused_by_the_path_of_its_map(name: str, code: str) -> None:
    from chalicelib.catalog.rules.drafts import SkuDraft

    with pytest.raises(Invalid) as refused:
        decode_body(msgspec.json.encode({"sku": "A", "specs": {name: "x"}}), SkuDraft)
    assert [(each.field, each.code) for each in refused.value.fields] == [("specs", code)]
