"""A view's call: the strict reading of an API Gateway event."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

from chalicelib.kernel import ids
from chalicelib.kernel.digests import digest_of
from chalicelib.kernel.errors import (
    FieldError,
    IdempotencyKeyRequired,
    Invalid,
    NotFound,
    NotJson,
    TooLarge,
    UnsupportedMedia,
    Words,
)
from chalicelib.kernel.web import reading, validation

T = TypeVar("T")
MAX_BODY_BYTES = 1_000_000
_KEY = re.compile(r"[\x21-\x7e]{8,128}\Z")
# msgspec tells of a map's key where the map stands.
_BEFORE_PATHS = (" - at `key` in `$", " - at `$")
_MISSING = re.compile(r"missing required field `(.*)`")
_VERSION = re.compile(r'("?)([0-9]{1,15})\1\Z')
_PATH_VALUE = re.compile(r"[!-.0-~]{1,128}\Z")
# Escapes of NUL, and of the digits and hyphens that a date may be hidden in.
_WORTH_A_LOOK = re.compile(rb"\\u00[023]|[0-9]{19}|0001-01-01|9999-12-31")
# The days on which an offset may lead to a year that there is not.
_EDGE_OF_TIME = re.compile(r"(0001-01-01|9999-12-31)[Tt ]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]")
_PLAIN_INTEGER = re.compile(r"(0|-?[1-9][0-9]*)\Z")
_LARGEST_INTEGER = 2**63 - 1


class Caller(msgspec.Struct, frozen=True):
    """The caller by the access token; `consent` is what it tells, earlier releases' tells none."""

    member_id: str
    session_id: str
    roles: frozenset[str]
    consent: str | None = None


class Call(msgspec.Struct, frozen=True):
    """One request: everything that a view may know of it. `body` and `query` are typed."""

    route: str
    path: dict[str, str]
    headers: dict[str, str]
    query: Any
    body: Any
    raw_body: bytes
    caller: Caller | None
    key: str | None
    language: str
    source_ip: str
    request_id: str
    now: datetime

    @property
    def member_id(self) -> str:
        assert self.caller is not None, "only routes with roles have a caller"
        return self.caller.member_id

    def derived_id(self, prefix: str) -> str:
        """The id of what this call makes: the same for each try with the same key."""
        assert self.key is not None, "only idempotent routes derive ids"
        return ids.derived_id(prefix, self.member_id, self.route, *self.path.values(), self.key)

    @property
    def content_digest(self) -> bytes:
        """The digest that tells this body from others under the same key, whatever its spacing."""
        return digest_of(self.body, self.raw_body)

    @property
    def seen_version(self) -> int:
        """The version that an update builds on, from If-Match, with or without quotes.

        Raises Invalid naming If-Match.
        """
        found = _VERSION.match(self.headers.get("if-match", "").strip())
        if found is None:
            words = Words("须为所读数据的 version", "must be the version that you read")
            raise Invalid(FieldError("If-Match", "required", words))
        return int(found.group(2))


def idempotency_key(headers: dict[str, str], *, required: bool) -> str | None:
    """The caller's key.

    Raises IdempotencyKeyRequired if it is missing where required, or not 8-128 visible ASCII.
    """
    key = headers.get("idempotency-key")
    if (key is None and required) or (key is not None and not _KEY.match(key)):
        words = Words(
            "须为 8 至 128 个可见 ASCII 字符", "must be 8 to 128 visible ASCII characters"
        )
        raise IdempotencyKeyRequired(FieldError("Idempotency-Key", "invalid", words))
    return key


def raw_body(event: dict[str, Any]) -> bytes:
    """The body's bytes.

    Raises TooLarge, NotJson.
    """
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        content = body.encode("utf-8", "surrogatepass")
    else:
        try:
            content = base64.b64decode(body)
        except binascii.Error as error:
            raise NotJson() from error
    if len(content) > MAX_BODY_BYTES:
        raise TooLarge()
    return content


def check_media_type(headers: dict[str, str]) -> None:
    """Raises UnsupportedMedia unless the body says that it is JSON."""
    media = headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if media != "application/json":
        raise UnsupportedMedia()


def check_path(path: dict[str, str]) -> None:
    """Raises NotFound for a value that no id of ours can be: 1 to 128 visible ASCII, no slash."""
    if not all(_PATH_VALUE.match(value) for value in path.values()):
        raise NotFound()


def decode_body(content: bytes, into: type[T], *, in_parts: bool = False) -> T:
    """The body as a typed value, its texts spelt in one way; integers only where they belong.

    What the values hold is not looked at in a body that is read `in_parts`, each by itself.

    Raises NotJson, UnknownField, Invalid naming the field.
    """
    try:
        content.decode()
        typed = msgspec.json.decode(_spelt(content, into), type=into)
        if not in_parts and _WORTH_A_LOOK.search(content):
            check_values(msgspec.json.decode(content))
    except msgspec.ValidationError as error:
        raise as_invalid(str(error), into, content) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise NotJson() from error
    return typed


def _spelt(content: bytes, into: Any) -> bytes:
    """The body with each text as its kind spells it; the same bytes if they are so already.

    The typed reading refuses a body that is too deep, or has a number that we do not take.

    Raises Invalid naming one of two names that are spelt alike.
    """
    if reading.reader_of(into) is None:
        return content
    try:
        sent = msgspec.json.decode(content)
        spelt = reading.read(sent, into)
        return content if spelt is sent else msgspec.json.encode(spelt)
    except reading.SpeltAlike as alike:
        words = Words("与另一名称写法相同", "is spelt like another name beside it")
        raise Invalid(FieldError(alike.path, "duplicate", words)) from alike
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        return content


def check_values(value: Any, path: str = "") -> None:
    """Refuse values that types let through and stores do not keep: NUL in text, integers beyond
    64 bits, instants in no year of UTC.

    Raises Invalid naming the field.
    """
    if isinstance(value, dict):
        for name, inner in value.items():
            check_values(name, path)
            check_values(inner, f"{path}.{name}".removeprefix("."))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            check_values(inner, f"{path}[{position}]")
    elif isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, int) and abs(value) > _LARGEST_INTEGER:
        raise Invalid(FieldError(path, "invalid", Words("数值超出范围", "is out of range")))


def _check_text(text: str, path: str) -> None:
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Invalid(FieldError(path, "invalid", Words("含有无效字符", "holds no valid text")))
    if _EDGE_OF_TIME.match(text) and not _has_utc(text):
        raise Invalid(FieldError(path, "invalid", Words("时间超出范围", "is out of range")))


def _has_utc(text: str) -> bool:
    """Whether an instant, if the text is one, has a year in UTC."""
    try:
        msgspec.convert(text, datetime).astimezone(UTC)
    except OverflowError:
        return False
    except msgspec.ValidationError:
        return True
    return True


def decode_query(event: dict[str, Any], into: type[T]) -> T:
    """The query parameters as a typed value.

    Raises UnknownField, Invalid naming the parameter.
    """
    given: dict[str, list[str]] = event.get("multiValueQueryStringParameters") or {}
    for name, values in given.items():
        if len(values) > 1:
            words = Words("参数重复", "is given more than once")
            raise Invalid(FieldError(name, "duplicate", words))
    texts = {name: values[0] for name, values in given.items()}
    check_values(texts)
    texts = reading.read(texts, into)
    try:
        typed = msgspec.convert(texts, into, strict=False)
    except msgspec.ValidationError as error:
        raise as_invalid(str(error), into, texts) from error
    for attribute, name in _members(cast("Any", into)) if texts else ():
        if name in texts and not _is_plain(texts[name], getattr(typed, attribute)):
            words = Words("格式有误", "is not written as a value of its type")
            raise Invalid(FieldError(name, "invalid", words))
    return typed


@cache
def _members(kind: Any) -> list[tuple[str, str]]:
    """Each member's attribute and its name in a query."""
    return [(info.name, info.encode_name) for info in msgspec.structs.fields(kind)]


def _is_plain(text: str, value: Any) -> bool:
    """Whether msgspec read a query's text no more kindly than JSON would: not 1e1, 2.0, null."""
    if isinstance(value, bool):
        return text in ("true", "false")
    if isinstance(value, int):
        return bool(_PLAIN_INTEGER.match(text)) and abs(value) <= _LARGEST_INTEGER
    if isinstance(value, datetime):
        return bool(_DATE.match(text))  # and not seconds since 1970
    return value is not None


def as_invalid(message: str, into: Any, sent: Any) -> Invalid:
    """msgspec's message as an error that names the field by its path, and what may stand there."""
    from chalicelib.kernel.web.allowed import refusal, with_key

    said, path = _split(message)
    named = with_key(message, path, into, sent)
    if told := refusal(said, path, into, sent, named):
        return told
    if found := _MISSING.search(said):
        name = validation.field_at(named, found[1])
        return Invalid(FieldError(name, "required", Words("必填", "is required")))
    return Invalid(FieldError(named, *validation.told(said)))


def _split(message: str) -> tuple[str, str]:
    """msgspec's message and the path at its end, if it has one."""
    # No regular expression: a caller's field names stand in a message, and could make one slow.
    for before in _BEFORE_PATHS:
        said, at, path = message.rpartition(before)
        if at and path.endswith("`"):
            return said, path[:-1].removeprefix(".")
    return message, ""


def language_of(accept: str | None) -> str:
    """`zh-CN` or `en`: the first of a caller's languages that we speak, by weight."""
    ranked = []
    for position, part in enumerate((accept or "").split(",")):
        tag, _, parameters = part.strip().partition(";")
        weight = re.search(r"q=([0-9.]+)", parameters)
        try:
            ranked.append((-float(weight.group(1)) if weight else -1.0, position, tag.lower()))
        except ValueError:
            continue
    for _, _, tag in sorted(ranked):
        if tag.startswith("zh"):
            return "zh-CN"
        if tag.startswith("en"):
            return "en"
    return "zh-CN"
