"""A notice as a letter, for a member who has an e-mail and no phone."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.notify.rules.news import News
from chalicelib.notify.rules.notices import notice
from chalicelib.notify.rules.orders import SIGNATURE


class Letter(NamedTuple):
    subject: str
    text: str


def letter(news: News, language: str) -> Letter:
    """The news in one language: its title, from us, above the words of the inbox."""
    told = notice(news, language)
    return Letter(SIGNATURE.in_language(language) + told.title, told.body)
