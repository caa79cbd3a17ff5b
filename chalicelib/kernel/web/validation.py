"""msgspec's messages in our words, each with a stable code.

Source: the messages of msgspec 0.22 (`msgspec/_core.c`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from chalicelib.kernel.errors import Words
from chalicelib.kernel.texts import FORMS

Told = tuple[str, Words]

_NUMBER = r"(-?[0-9.e+-]+)"
_TYPES = {
    "int": Words("整数", "an integer"),
    "float": Words("数字", "a number"),
    "str": Words("文本", "text"),
    "bool": Words(" true 或 false", "true or false"),
    "array": Words("数组", "a list"),
    "object": Words("对象", "an object"),
    "datetime": Words("时间", "a time"),
    "date": Words("日期", "a date"),
    "null": Words("null", "null"),
}
# A name that a caller made up is repeated up to here.
_LONGEST_ECHO = 200
_INVALID = Words("格式有误", "is not valid")
_OUT_OF_RANGE = Words("数值超出范围", "is out of range")


def field_at(path: str, name: str) -> str:
    """The path of a field of this name in what stands at `path`."""
    name = name[:_LONGEST_ECHO]
    return f"{path}.{name}" if path else name


def told(message: str) -> Told:
    """The code and the words of one of msgspec's messages, without its path."""
    for pattern, tell in _TABLE:
        if found := pattern.match(message):
            return tell(found)
    return "invalid", _INVALID


def _length_at_most(found: re.Match[str]) -> Told:
    most = found[1]
    return "too_long", Words(f"最多 {most} 个字符", f"must be at most {most} characters")


def _length_at_least(found: re.Match[str]) -> Told:
    if found[1] == "1":
        return "blank", Words("不能为空", "must not be blank")
    least = found[1]
    return "too_short", Words(f"至少 {least} 个字符", f"must be at least {least} characters")


def _count_at_most(found: re.Match[str]) -> Told:
    return "too_many", Words(f"最多 {found[1]} 项", f"must hold at most {found[1]}")


def _count_at_least(found: re.Match[str]) -> Told:
    return "too_few", Words(f"至少 {found[1]} 项", f"must hold at least {found[1]}")


def _count(_: re.Match[str]) -> Told:
    return "invalid", Words("项数有误", "holds the wrong number of values")


def _compared(found: re.Match[str]) -> Told:
    zh, en = {
        "<=": ("不能大于", "must be at most"),
        ">=": ("不能小于", "must be at least"),
        "<": ("须小于", "must be less than"),
        ">": ("须大于", "must be greater than"),
    }[found[1]]
    return "out_of_range", Words(f"{zh} {found[2]}", f"{en} {found[2]}")


def _multiple(found: re.Match[str]) -> Told:
    words = Words(f"须为 {found[1]} 的倍数", f"must be a multiple of {found[1]}")
    return "out_of_range", words


def _formed(found: re.Match[str]) -> Told:
    try:
        form = ast.literal_eval(found[1])
    except (SyntaxError, ValueError):
        return "invalid", _INVALID
    return "invalid", FORMS.get(form, _INVALID)


def _typed(found: re.Match[str]) -> Told:
    wanted = [name for name in found[1].split(" | ") if name != "null"]
    if wanted == ["int"] or ("int" in wanted and found[2] == "float" and "float" not in wanted):
        return "not_an_integer", Words("须为整数", "must be an integer")
    if not wanted or any(name not in _TYPES for name in wanted):
        return "invalid", Words("类型有误", "is of the wrong type")
    zh = "或".join(_TYPES[name].zh for name in wanted)
    en = " or ".join(_TYPES[name].en for name in wanted)
    return "invalid", Words(f"须为{zh}", f"must be {en}")


def _says(code: str, zh: str, en: str) -> Callable[[re.Match[str]], Told]:
    return lambda _: (code, Words(zh, en))


_TIME = _says(
    "invalid",
    "须为 RFC 3339 时间，例如 2026-11-21T08:00:00Z",
    "must be a time as RFC 3339 writes it, such as 2026-11-21T08:00:00Z",
)
_TABLE: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Told]]] = [
    (re.compile(pattern, re.DOTALL), tell)
    for pattern, tell in (
        (r"Expected `(?:str|bytes)` of length <= ([0-9]+)\Z", _length_at_most),
        (r"Expected `(?:str|bytes)` of length >= ([0-9]+)\Z", _length_at_least),
        (r"Expected `(?:array|object)` of length <= ([0-9]+)\Z", _count_at_most),
        (r"Expected `(?:array|object)` of length >= ([0-9]+)\Z", _count_at_least),
        (r"Expected `array` of (?:at |length)", _count),
        (r"Expected `str` matching regex (.*)\Z", _formed),
        (rf"Expected `(?:int|float)` (<=|>=|<|>) {_NUMBER}\Z", _compared),
        (rf"Expected `(?:int|float)` that's a multiple of {_NUMBER}\Z", _multiple),
        (
            r"Expected `\w+` with a timezone component\Z",
            _says("invalid", "时间须带时区，例如以 Z 结尾", "must carry a time zone, such as Z"),
        ),
        (
            r"Expected `\w+` with no timezone component\Z",
            _says("invalid", "时间不能带时区", "must not carry a time zone"),
        ),
        (r"Expected `([^`]*)`(?:, got `(\w+)`)?", _typed),
        (r"Invalid RFC3339 encoded datetime\Z", _TIME),
        (r"Invalid epoch timestamp\Z", _TIME),
        (
            r"Invalid RFC3339 encoded date\Z",
            _says("invalid", "须为日期，例如 2026-11-21", "must be a date, such as 2026-11-21"),
        ),
        (
            r"Invalid RFC3339 encoded time\Z",
            _says("invalid", "须为时刻，例如 08:00:00", "must be a time of day, such as 08:00:00"),
        ),
        (
            r"Invalid (?:enum )?value ",
            _says("invalid", "不是可选的值", "is not one of the values to choose from"),
        ),
        (
            r"(?:Integer value|Number|Duration|Timestamp) (?:is )?out of range",
            lambda _: ("out_of_range", _OUT_OF_RANGE),
        ),
    )
]
