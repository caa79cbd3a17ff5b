"""The OpenAPI document's words in Chinese: docs/zh-CN.json has one for each of the code's.

The code says what a route, a type and a field is in English, where it is read; the file has the
Chinese beside it, paragraph by paragraph. Tests hold it complete.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from chalicelib.kernel.errors import Words
from chalicelib.kernel.web.openapi_schemas import DEFAULT

SUMMARY = Words(
    "积分商城：会员赚积分、兑商品",
    "A points mall: members earn points and redeem goods",
)
DESCRIPTION = Words(
    """\
JSON，UTF-8 编码。积分为整数；金额为最小货币单位的整数，并带币种。时间为 RFC 3339 格式的 UTC \
时间。未知字段一律拒绝。列表接受 `limit` 与 `cursor`，返回 `{"data": [...], "next_cursor": ...}`。

用同一个 `Idempotency-Key` 重试，得到首次请求的结果。503 表示：用同一个键重试即可，\
不会重复生效。

错误为 RFC 9457 的 `application/problem+json`：`code` 固定不变，`title` 与 `detail` 随 \
`Accept-Language`（`zh-CN` 或 `en`）。路径不支持的方法返回 405。""",
    """\
JSON in UTF-8. Points are integers; money is an integer of minor units with its currency. Times \
are RFC 3339 in UTC. Unknown fields are refused. Lists take `limit` and `cursor` and answer \
`{"data": [...], "next_cursor": ...}`.

A request with the `Idempotency-Key` of an earlier one answers what that one made. 503 means that \
nothing happened that a retry with the same key would not settle.

Errors are RFC 9457 `application/problem+json`: `code` is stable, `title` and `detail` follow \
`Accept-Language` (`zh-CN` or `en`). A method that a path does not have is answered 405.""",
)

_FILE = Path(__file__).parent / "docs" / "zh-CN.json"
_TEXTS = {"summary", "description"}
_NO_WORDS = {"example", "examples"}


@cache
def chinese() -> dict[str, str]:
    """The Chinese of each English paragraph."""
    return msgspec.json.decode(_FILE.read_bytes(), type=dict[str, str])


def in_chinese(document: Any) -> Any:
    """The same document; a paragraph that has no Chinese yet stays English."""
    if isinstance(document, list):
        return [in_chinese(inner) for inner in document]
    if not isinstance(document, dict):
        return document
    return {
        name: _text(inner)
        if name in _TEXTS and isinstance(inner, str)
        else inner
        if name in _NO_WORDS
        else in_chinese(inner)
        for name, inner in document.items()
    }


def _text(english: str) -> str:
    return "\n\n".join(_paragraph(part) for part in english.split("\n\n"))


def _paragraph(english: str) -> str:
    if english.startswith(DEFAULT):
        return "默认值：" + english.removeprefix(DEFAULT)
    return chinese().get(english, english)
