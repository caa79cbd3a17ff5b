"""The words of goods and of queries: what matches what, in Chinese and English.

A text is a sequence of runs. A run of Chinese matches by its characters and by each two that stand
side by side, a run of letters and digits as a word, or as the beginning of one. Width, case and
traditional characters make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cache

import msgspec

from chalicelib.catalog.errors import QueryHasNoWords, QueryTooLong
from chalicelib.catalog.rules.products import Localized
from chalicelib.catalog.rules.variants import SIMPLIFIED

MOST_CHARACTERS = 100
_CHINESE = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_RUN = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+")
_WIDE = "\u3040"
_LONGER_THAN = 3
_INITIALS = re.compile(r"[a-z]{2,12}\Z")
# The first character of each initial, in the order of GB 2312, whose first level is by pinyin.
# Source: GB/T 2312-1980: rows 16 to 55 are the 3,755 commonest characters by their pronunciation.
_FIRST = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_LETTERS = "abcdefghjklmnopqrstwxyz"
_LAST_OF_LEVEL = 0xD7F9


class Word(msgspec.Struct, frozen=True):
    """A run of a query: `terms` must all stand in a text, or one that begins with `prefix`.

    `initials` are the terms of pinyin that it may be. `named` stands in the name of a category, a
    brand or a scene, as `runs_in` writes it.
    """

    terms: tuple[str, ...]
    named: str
    prefix: str | None = None
    initials: tuple[str, ...] = ()


def folded(text: str) -> str:
    """The text without differences of width, case and script."""
    return unicodedata.normalize("NFKC", text).casefold().translate(SIMPLIFIED)


def runs_of(text: str) -> list[str]:
    """The runs of a text, folded: 「保温杯 Cup」 has 保温杯 and cup."""
    return _RUN.findall(folded(text))


def terms_of(text: str) -> set[str]:
    """What a text is found by, without pinyin."""
    found: set[str] = set()
    for run in runs_of(text):
        found.update(_pairs(run) + list(run) if _is_chinese(run) else [_stem(run)])
    return found


def initials_of(text: str) -> set[str]:
    """Pinyin initials of the Chinese in a text, by two and three: 保温杯 has bw, wb and bwb."""
    found: set[str] = set()
    for run in runs_of(text):
        if _is_chinese(run):
            initials = "".join(map(_initial, run))
            found.update(_pairs(initials) + _threes(initials))
    return {each for each in found if " " not in each}


def runs_in(name: Localized) -> str:
    """The runs of a name in both languages, a space before and after each."""
    return f" {' '.join(runs_of(name.zh) + runs_of(name.en))} "


def read_query(text: str) -> list[Word]:
    """The words of a query.

    Raises QueryTooLong, QueryHasNoWords.
    """
    if len(text) > MOST_CHARACTERS:
        raise QueryTooLong(most=MOST_CHARACTERS)
    runs = list(dict.fromkeys(runs_of(text)))
    if not runs:
        raise QueryHasNoWords()
    return [_word(run) for run in runs]


def _word(run: str) -> Word:
    if _is_chinese(run):
        return Word(tuple(_pairs(run)) or (run,), run)
    stem = _stem(run)
    if len(run) == 1:
        return Word((stem,), f" {run} ")
    return Word((stem,), f" {stem}", stem, _as_initials(run))


def _as_initials(run: str) -> tuple[str, ...]:
    return tuple(_threes(run) or _pairs(run)) if _INITIALS.match(run) else ()


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _threes(run: str) -> list[str]:
    return [run[at : at + 3] for at in range(len(run) - 2)]


def _is_chinese(run: str) -> bool:
    return run[0] >= _WIDE


def _stem(word: str) -> str:
    """A word without the `s` of a plural, so that `cups` finds a cup."""
    plural = len(word) > _LONGER_THAN and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural else word


@cache
def _initial(character: str) -> str:
    """The first letter of a character's pinyin; a space for one that is not common."""
    try:
        raw = character.encode("gb2312")
    except UnicodeEncodeError:
        return " "
    place = int.from_bytes(raw, "big")
    starts = _starts()
    return (
        _LETTERS[bisect_right(starts, place) - 1] if starts[0] <= place <= _LAST_OF_LEVEL else " "
    )


@cache
def _starts() -> list[int]:
    return [int.from_bytes(each.encode("gb2312"), "big") for each in _FIRST]
