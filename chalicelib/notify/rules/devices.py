"""News of a login on a new device."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Words
from chalicelib.notify.rules.news import DeviceNews
from chalicelib.notify.rules.orders import SIGNATURE

_TITLE = Words("新设备登录提醒", "A new device signed in")
_TEXT = Words(
    "您的账号于 {at} 在新设备（{device}）登录。如非本人操作，请在“登录设备”中下线该设备。",
    "Your account signed in on a new device ({device}) at {at}. If this was not you, sign that "
    "device out under “Devices”.",
)
_SMS = Words(
    "您的账号于 {at} 在新设备登录。如非本人操作，请尽快在商城“登录设备”中将其下线。",
    "Your account signed in on a new device at {at}. Not you? Sign it out under Devices.",
)


def texts_of(news: DeviceNews, language: str) -> tuple[str, str, str]:
    """Title, text and text message of the news."""
    at = datetime.fromisoformat(news.at).astimezone(config().time_zone)
    names = {"at": f"{at:%Y-%m-%d %H:%M}", "device": news.device}
    sms = SIGNATURE.in_language(language) + _SMS.in_language(language, **names)
    return _TITLE.in_language(language), _TEXT.in_language(language, **names), sms
