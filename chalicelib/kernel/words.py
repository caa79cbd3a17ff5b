"""Texts for people, in the languages that Jifen speaks."""

from __future__ import annotations

from typing import Any, NamedTuple


class Words(NamedTuple):
    """One sentence in the languages that Jifen speaks; may hold {names} of the error's facts."""

    zh: str
    en: str

    def in_language(self, language: str, **facts: Any) -> str:
        text = self.en if language == "en" else self.zh
        return text.format(**facts) if facts else text
