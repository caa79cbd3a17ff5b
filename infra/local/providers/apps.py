"""Our apps at the providers of this machine."""

from __future__ import annotations

from typing import NamedTuple


class App(NamedTuple):
    """One app: `kind` is `mini_program`, `inside` (pages in WeChat), `website` or `mobile`."""

    id: str
    provider: str
    kind: str
    setting: str


APPS = (
    App("wx000000000000mini", "wechat", "mini_program", "WECHAT_MINI_PROGRAM_ID"),
    App("wx0000000000inside", "wechat", "inside", "WECHAT_OFFICIAL_ACCOUNT_ID"),
    App("wx000000000website", "wechat", "website", "WECHAT_WEBSITE_ID"),
    App("wx0000000000mobile", "wechat", "mobile", "WECHAT_MOBILE_APP_ID"),
    App("1110000001", "qq", "mini_program", "QQ_MINI_PROGRAM_ID"),
    App("101000001", "qq", "website", "QQ_WEBSITE_ID"),
    App("1010000002", "qq", "mobile", "QQ_MOBILE_APP_ID"),
)
BY_ID = {app.id: app for app in APPS}


def settings_for(base: str, malls: list[str]) -> dict[str, str]:
    """The settings that lead a mall to a server at `base`; its pages are at one of `malls`."""
    pages = [f"{mall}/pages/sign-in/return" for mall in malls]
    hosts = ("WECHAT_API_BASE", "WECHAT_OPEN_BASE", "QQ_API_BASE", "QQ_MINI_PROGRAM_API_BASE")
    found = {app.setting: app.id for app in APPS} | dict.fromkeys(hosts, base)
    return {f"JIFEN_{name}": value for name, value in found.items()} | {
        "JIFEN_SIGN_IN_RETURNS": ",".join(pages)
    }
