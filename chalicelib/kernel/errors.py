"""The error tree: what a use case may raise, each with a stable code and words for a person.

    JifenError
    ├── Invalid 400 ─ UnknownField, NotJson, ...
    ├── Unauthenticated 401
    ├── Denied 403 ─ ConsentRequired
    ├── NotFound 404
    ├── MethodNotAllowed 405
    ├── Conflict 409 ─ IdempotencyKeyReused, NotAllowedInThisState, ...
    ├── Stale 412
    ├── TooLarge 413
    ├── UnsupportedMedia 415
    ├── TooMany 429
    ├── Unavailable 503
    ├── Unreadable 500
    ├── Unexpected 500
    └── Moved, which no caller is told

`Waits` and `Passes` mark errors of any kind that need nobody: see `kernel/failures.py`.
Leaves live in their context's `errors` file. Only `kernel/web/http.py` knows status numbers.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple, Self, TypeVar

from chalicelib.kernel import money
from chalicelib.kernel.config import config
from chalicelib.kernel.words import Words as Words  # noqa: PLC0414 - all take it from here

T = TypeVar("T")


class FieldError(NamedTuple):
    """One field's fault: its path (`items[0].quantity`), a stable code, words."""

    field: str
    code: str
    message: Words


class JifenError(Exception):
    """An error with an answer for the caller. `facts` join the answer and fill the words.

    A fact in `money` is an amount in minor units of the fact `currency`, or else of the stage's.
    """

    code: ClassVar[str] = "error"
    title: ClassVar[Words] = Words("出错了", "Something went wrong")
    hint: ClassVar[Words] = Words("", "")
    money: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *fields: FieldError, **facts: Any) -> None:
        super().__init__(self.code)
        self.fields = fields
        self.facts = facts
        self._names: dict[str, Any] = {}
        self._said: Words | None = None

    def telling(self, **names: Any) -> Self:
        """The same, with Words or text that fill its hint and do not join the answer: what a
        person calls that which a fact tells a machine."""
        self._names |= names
        return self

    def saying(self, said: Words) -> Self:
        """The same, with these words in place of its hint; they may hold the same {names}."""
        self._said = said
        return self

    def worded_as(self, other: JifenError) -> Self:
        """The same, with the words of another."""
        self._names, self._said = other._names, other._said
        return self

    def detail(self, language: str) -> str:
        """The hint, in words that a person reads: money as a shop writes it, no ids."""
        names = {
            name: self._spoken(name, value, language)
            for name, value in {**self.facts, **self._names}.items()
        }
        return (self._said or self.hint).in_language(language, **names)

    def _spoken(self, name: str, value: Any, language: str) -> Any:
        if isinstance(value, Words):
            return value.in_language(language)
        if name in self.money and isinstance(value, int):
            return money.spoken(value, self.facts.get("currency") or config().currency, language)
        return value


class Invalid(JifenError):
    code = "invalid_request"
    title = Words("请求内容有误", "The request is not valid")

    def below(self, at: str) -> Invalid:
        """The same of fields that stand below another: below `to`, `phone` is `to.phone`."""
        return Invalid(*(error._replace(field=f"{at}.{error.field}") for error in self.fields))


def check_exactly_one(at: str, /, **given: object) -> None:
    """Raises Invalid, naming the field `at`, unless exactly one of these is given."""
    if sum(value is not None for value in given.values()) != 1:
        zh, en = "、".join(given), ", ".join(given)
        words = Words(f"须且只能指定 {zh} 之一", f"takes exactly one of {en}")
        raise Invalid(FieldError(at, "exactly_one", words))


class UnknownField(Invalid):
    code = "unknown_field"
    title = Words("请求中有未知字段", "The request has an unknown field")


class NotJson(Invalid):
    code = "invalid_json"
    title = Words("请求体不是有效的 JSON", "The body is not valid JSON in UTF-8")
    hint = Words(
        "请检查引号、逗号和括号，并以不带 BOM 的 UTF-8 发送",
        "Look at its quotes, commas and brackets; send UTF-8 without a byte order mark",
    )


class IdempotencyKeyRequired(Invalid):
    code = "idempotency_key_required"
    title = Words("缺少 Idempotency-Key 请求头", "An Idempotency-Key header is required")
    hint = Words("长度 8 至 128 个字符", "8 to 128 visible ASCII characters")


class InvalidCursor(Invalid):
    code = "invalid_cursor"
    title = Words("翻页标记无效", "The cursor is not valid for this list")


class Unauthenticated(JifenError):
    code = "unauthenticated"
    title = Words("请先登录", "Authentication is required")


class Denied(JifenError):
    code = "forbidden"
    title = Words("没有权限", "Your role does not allow this")


class ConsentRequired(Denied):
    """A new version of `terms` or `privacy` has to be agreed to first; the facts name it."""

    code = "consent_required"
    title = Words("请先阅读并同意最新条款", "Please agree to the new terms first")
    hint = Words(
        "条款或隐私政策已更新，同意后即可继续", "The terms or the privacy policy have changed"
    )


class NotFound(JifenError):
    code = "not_found"
    title = Words("未找到", "Not found")


def or_not_found(found: T | None) -> T:
    """What was found.

    Raises NotFound for None.
    """
    if found is None:
        raise NotFound()
    return found


class Conflict(JifenError):
    code = "conflict"
    title = Words("与当前状态冲突", "In conflict with the present state")


class IdempotencyKeyReused(Conflict):
    code = "idempotency_key_reused"
    title = Words("该幂等键已用于不同的请求", "This idempotency key was used with another request")


class NotAllowedInThisState(Conflict):
    code = "not_allowed_in_this_state"
    title = Words("当前状态不允许此操作", "Not allowed in this state")
    hint = Words("当前状态：{state}", "The state is: {state}")


class MethodNotAllowed(JifenError):
    code = "method_not_allowed"
    title = Words("不支持该请求方法", "This path does not take this method")


class Stale(JifenError):
    code = "stale_version"
    title = Words("数据已被他人修改", "It was changed since you read it")
    hint = Words("请重新读取后再试", "Read it again and send its version in If-Match")


class TooLarge(JifenError):
    code = "payload_too_large"
    title = Words("请求体过大", "The body is larger than 1 MB")


class UnsupportedMedia(JifenError):
    code = "unsupported_media_type"
    title = Words("只接受 application/json", "Only application/json is taken")


class TooMany(JifenError):
    """The caller has to wait; its facts hold `retry_after_s`."""

    code = "too_many_requests"
    title = Words("操作太频繁，请稍后再试", "Too many requests, try again later")


class Unavailable(JifenError):
    """Nothing happened that a retry with the same key would not settle."""

    code = "unavailable"
    title = Words("服务繁忙，请重试", "Busy, please try again")


class Unexpected(JifenError):
    code = "internal_error"
    title = Words("系统内部错误", "An internal error, it has been recorded")


class Waits(Exception):
    """Marks errors that are no failure: another process has the work, or it is not due."""


class Passes(Exception):
    """A marker for errors of another service that a retry solves."""


class Unreadable(JifenError):
    """This release cannot read a stored record. Only the staff learns its key."""

    code = "record_unreadable"
    title = Words(
        "系统中有一条记录无法读取，已记录", "A stored record cannot be read, it has been recorded"
    )


class Moved(JifenError):
    """The item changed between the read and the write: read again and retry."""

    code = "moved"
