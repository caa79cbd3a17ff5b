"""The invitation of an unregistered receiver of a gift."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.kernel.errors import Words
from chalicelib.notify.rules.orders import SIGNATURE
from chalicelib.notify.rules.points import POINTS, amount

# The limit holds for all givers and gifts together: a stranger asked for none of these texts.
TEXTS_A_DAY = 3

_PHONE = Words(
    "有人送您 {points}，{days} 天内用此手机号注册即可领取。",
    "Somebody gave you {points}. Register with this phone within {days} days to have them.",
)
_EMAIL = Words(
    "有人送您 {points}，{days} 天内用此邮箱注册即可领取。",
    "Somebody gave you {points}. Register with this e-mail within {days} days to have them.",
)
_SUBJECT = Words("有人送您 {points}", "Somebody gave you {points}")


class Invitation(NamedTuple):
    subject: str
    text: str


def invitation(points: int, days: int, kind: str, to: str) -> Invitation:
    """The invitation for points that wait so many days; `kind` is `phone` or `email`.

    It holds neither the giver's name nor their message: a text to a stranger says our words only.
    """
    if kind == "phone":
        language = "zh-CN" if to.startswith("+86") else "en"
        text = SIGNATURE.in_language(language) + _in(_PHONE, points, days, language)
        return Invitation("", text)
    both = [_in(_EMAIL, points, days, language) for language in ("zh-CN", "en")]
    subject = " / ".join(_in(_SUBJECT, points, days, language) for language in ("zh-CN", "en"))
    return Invitation(subject, "\n\n".join(both))


def _in(words: Words, points: int, days: int, language: str) -> str:
    return words.in_language(language, points=amount(points, POINTS, language), days=days)
