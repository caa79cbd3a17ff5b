"""`/_local/`: what this machine offers, its accounts, and a phone that shows what was sent."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from infra.local.home_style import STYLE
from infra.local.wire import HttpAnswer

# What each page of `/_local/` is sent with: it runs no script, and no page frames it.
HEADERS = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        b"form-action 'self'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_REFRESH_S = 5
# The program's, as the application reads it: the pages show times in it.
_ZONE = ZoneInfo(os.environ.get("JIFEN_TIME_ZONE", "Asia/Shanghai"))
_ROLES = {
    "member": ("会员", "Member"),
    "agent": ("客服", "Agent"),
    "ops": ("运营", "Operations"),
    "finance": ("财务", "Finance"),
    "admin": ("管理员", "Administrator"),
}
_PLACES = (
    ("/", "会员商城", "Members’ mall", "积分、兑换、订单", "Points, goods, orders"),
    ("/console/", "管理后台", "Staff’s console", "商品、订单、财务", "Goods, orders, finance"),
    ("/docs", "接口文档", "API document", "可直接试用", "To read and to try"),
)
_CHANNELS = {"sms": ("短信", "Text message"), "email": ("邮件", "E-mail")}


class HomeAsked:
    """The page that somebody asks for: whose messages, and whether it refreshes by itself."""

    def __init__(self, query: Mapping[str, list[str]]) -> None:
        """Take the query of the address."""
        self.to = query.get("to", [""])[-1].strip()
        # In a query a plus sign means a space: +86… arrives as " 86…".
        if self.to.isdigit():
            self.to = f"+{self.to}"
        self.refreshes = query.get("refresh", [""])[-1] == "1"

    def address(self, *, to: str, refreshes: bool) -> str:
        """The address of another view of the page."""
        parts = [f"to={quote(to)}"] if to else []
        parts += ["refresh=1"] if refreshes else []
        return f"/_local/{'?' if parts else ''}{'&amp;'.join(parts)}#phone"


def home_page(
    asked: HomeAsked, accounts: Sequence[Mapping[str, str]], sent: Sequence[Any], *, has_pages: bool
) -> HttpAnswer:
    """The page; `sent` is what the outbox shows, newest first."""
    refresh = f'<meta http-equiv="refresh" content="{_REFRESH_S}">' if asked.refreshes else ""
    text = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        "<title>Jifen 积分 · 本机 This machine</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,">{refresh}<style>{STYLE}</style></head><body>'
        f"<header><h1>Jifen 积分</h1><p>{_both('本机商城', 'The mall on this machine')}</p>"
        "</header>"
        f"<main>{_places(has_pages)}"
        f'<div class="columns">{_people(asked, accounts)}{_phone(asked, sent)}</div></main>'
        "</body></html>"
    )
    return HttpAnswer(HTTPStatus.OK, [*HEADERS], text.encode(), 0)


def _both(zh: str, en: str) -> str:
    return f'{escape(zh)} <span class="en" lang="en">{escape(en)}</span>'


def _places(has_pages: bool) -> str:
    shown = _PLACES if has_pages else _PLACES[-1:]
    links = "".join(
        f'<li><a href="{path}"><strong>{_both(zh, en)}</strong>'
        f"<small>{_both(about_zh, about_en)}</small></a></li>"
        for path, zh, en, about_zh, about_en in shown
    )
    none = _both("本次启动不含网页", "This start has no pages") if not has_pages else ""
    return f'<nav aria-label="入口 Places"><ul>{links}</ul></nav>{none and f"<p>{none}</p>"}'


def _people(asked: HomeAsked, accounts: Iterable[Mapping[str, str]]) -> str:
    rows = "".join(_person(asked, each) for each in accounts)
    steps = (
        (
            "会员在商城登录，其他角色在后台登录",
            "Members sign in at the mall, others at the console",
        ),
        ("输入手机号，验证码会出现在本页的手机里", "Enter a phone; its code appears on this page"),
    )
    listed = "".join(f"<li>{_both(zh, en)}</li>" for zh, en in steps)
    return (
        f'<section aria-labelledby="people"><h2 id="people">{_both("账号", "Accounts")}</h2>'
        f'<ol class="steps">{listed}</ol><ul class="people">{rows}</ul></section>'
    )


def _person(asked: HomeAsked, account: Mapping[str, str]) -> str:
    phone = account["phone"]
    zh, en = _ROLES.get(account["role"], (account["role"], ""))
    view = asked.address(to=phone, refreshes=asked.refreshes)
    current = ' aria-current="true"' if phone == asked.to else ""
    return (
        f'<li><span class="role">{_both(zh, en)}</span><span>{escape(account["name"])}</span>'
        f"<code>{escape(phone.removeprefix('+86'))}</code>"
        f'<a href="{view}"{current} aria-label="{escape(account["name"])}的消息 messages">'
        f"{_both('看手机', 'Phone')}</a></li>"
    )


def _phone(asked: HomeAsked, sent: Sequence[Any]) -> str:
    everybody = asked.address(to="", refreshes=asked.refreshes)
    whose = (
        f"<p>{_both('只看', 'Only')} <code>{escape(_without_country(asked.to))}</code> · "
        f'<a href="{everybody}">{_both("全部", "All")}</a></p>'
        if asked.to
        else ""
    )
    now = asked.address(to=asked.to, refreshes=asked.refreshes)
    other = asked.address(to=asked.to, refreshes=not asked.refreshes)
    words = (
        _both("停止自动刷新", "Stop refreshing")
        if asked.refreshes
        else _both(f"每 {_REFRESH_S} 秒自动刷新", f"Refresh every {_REFRESH_S} s")
    )
    empty = _both(
        "还没有消息。登录时请求验证码后刷新。", "No message yet. Ask for a code, then refresh."
    )
    shown = "".join(map(_message, sent)) or f"<li>{empty}</li>"
    return (
        f'<section class="phone" id="phone" aria-labelledby="sent"><h2 id="sent">'
        f"{_both('手机', 'Phone')}</h2>{whose}"
        f'<p class="acts"><a class="act" href="{now}">{_both("刷新", "Refresh")}</a>'
        f'<a class="act" href="{other}">{words}</a></p><ul class="messages">{shown}</ul></section>'
    )


def _message(sent: Mapping[str, Any]) -> str:
    zh, en = _CHANNELS.get(sent["channel"], (sent["channel"], ""))
    at = datetime.fromisoformat(sent["sent_at"]).astimezone(_ZONE)
    to = escape(_without_country(sent["to"]))
    code = f'<p class="code">{escape(sent["code"])}</p>' if "code" in sent else ""
    subject = f"<p><b>{escape(sent['subject'])}</b></p>" if "subject" in sent else ""
    return (
        f'<li><p class="about">{_both(zh, en)} · <span>{to}</span>'
        f'<time datetime="{escape(sent["sent_at"])}">{at:%H:%M:%S}</time></p>'
        f'{code}{subject}<p class="body">{escape(sent["body"])}</p></li>'
    )


def _without_country(recipient: str) -> str:
    """A phone as people here type it."""
    return recipient.removeprefix("+86")
