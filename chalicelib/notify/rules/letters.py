"""A notice as an e-mail, for a member without a phone."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.notify.rules.news import News
from chalicelib.notify.rules.notices import notice
from chalicelib.notify.rules.orders import SIGNATURE


class Letter(NamedTuple):
    subject: str
    text: str


def letter(news: News, language: str) -> Letter:
    """The e-mail of the news in one language: our signature and its title, then its text."""
    told = notice(news, language)
    return Letter(SIGNATURE.in_language(language) + told.title, told.body)
