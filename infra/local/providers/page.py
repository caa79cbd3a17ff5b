"""The page on which a person says who they are, as a scan with their phone does, and agrees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from infra.local.home_style import STYLE

_NAMES = {"wechat": ("微信", "WeChat"), "qq": ("QQ", "QQ")}


def page(
    provider: str, path: str, query: Mapping[str, str], people: Sequence[tuple[str, str]]
) -> str:
    """The page; each choice is a link back to it with the person's id."""
    zh, en = _NAMES[provider]
    choices = ((_again(path, query, person=person), escape(name)) for person, name in people)
    rows = "".join(f'<a class="act" href="{at}">{name}</a> ' for at, name in choices)
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in query.items()
    )
    title = f"{zh}登录 · 本机 {en} on this machine"
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{title}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body>'
        f"<header><h1>{title}</h1></header><main>"
        "<p>谁在扫码？选择后即同意登录。 Who scans? To choose is to agree.</p>"
        f'<p class="acts">{rows}</p>'
        f'<form method="get" action="{escape(path)}">{kept}'
        '<label>新的人 Somebody new <input name="new" maxlength="40" value="新朋友"></label> '
        '<button class="act">以此身份登录 Sign in as them</button></form>'
        f'<p><a href="{_again(path, query, refuse="1")}">不同意 Do not agree</a></p>'
        "</main></body></html>"
    )


def _again(path: str, query: Mapping[str, str], **more: str) -> str:
    return escape(f"{path}?{urlencode({**query, **more})}")
