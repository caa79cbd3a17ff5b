"""The ladder: levels with thresholds and benefits, the window that counts, and when a tier ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta, field

from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.spelling import one_line, pasted
from chalicelib.kernel.texts import SLUG, kind

# Everybody is of it who has earned none: the first level of each ladder has this key.
BASE = "normal"
Metric = Literal["spend", "orders", "points", "growth"]
Window = Literal["rolling", "calendar_year", "calendar_quarter"]
Downgrade = Literal["to_level_earned", "one_step"]
METRICS: tuple[Metric, ...] = get_args(Metric)
MOST_MONTHS = 24

Key = Annotated[str, kind(32, pasted, SLUG)]
Threshold = Annotated[int, Meta(ge=1, le=1_000_000_000_000)]
CategoryId = Annotated[str, kind(64, pasted, None)]


class LevelTitle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name of a level in both languages."""

    zh: Annotated[str, kind(20, one_line)] = field(name="zh-CN")
    en: Annotated[str, kind(40, one_line)]

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.zh

    @property
    def by_language(self) -> dict[str, str]:
        return {"zh-CN": self.zh, "en": self.en}


class Benefits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The benefits of a level: points by `multiplier_percent` of the usual ones, free freight,
    points on the birthday, goods on sale some hours before others, categories that are for the
    levels alone that name them, and a place in the queue of tickets (9 is first).
    """

    multiplier_percent: Annotated[int, Meta(ge=100, le=1000)] = 100
    free_freight: bool = False
    birthday_points: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    early_access_hours: Annotated[int, Meta(ge=0, le=168)] = 0
    categories: Annotated[list[CategoryId], Meta(max_length=20)] = []
    ticket_priority: Annotated[int, Meta(ge=0, le=9)] = 0


class Level(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A level; one of its `thresholds` is enough. `spend` is in minor units of cash paid."""

    key: Key
    title: LevelTitle
    thresholds: dict[Metric, Threshold] = {}
    benefits: Benefits = Benefits()


class LadderDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ladder as ops write it, the lowest level first: `normal`, without thresholds.

    `rolling` counts this month and the `months` before it, and a tier is kept for as many whole
    months. `calendar_year` and `calendar_quarter` count the running one, and a tier is kept to the
    end of the next one. Then it is judged again, `grace_days` later: a member falls to the level
    earned, or by one step. A refund may undo an upgrade.
    """

    levels: Annotated[list[Level], Meta(min_length=1, max_length=10)]
    window: Window = "rolling"
    months: Annotated[int, Meta(ge=1, le=MOST_MONTHS)] = 12
    downgrade: Downgrade = "to_level_earned"
    grace_days: Annotated[int, Meta(ge=0, le=90)] = 0
    refund_undoes_upgrade: bool = True


class Ladder(LadderDraft, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A version of the ladder; 0 is the one that stands until ops write one."""

    version: int = 0

    def rank(self, key: str) -> int:
        """The place of a level; a key that ops have taken away is at the bottom."""
        return next((n for n, level in enumerate(self.levels) if level.key == key), 0)

    def has(self, key: str) -> bool:
        return any(level.key == key for level in self.levels)

    def rises(self, before: str, after: str) -> bool:
        """Whether one level is above another; nobody rises from a level that is gone."""
        return self.has(before) and self.rank(after) > self.rank(before)

    def level(self, key: str) -> Level:
        return self.levels[self.rank(key)]

    def higher(self, one: str, other: str) -> str:
        return one if self.rank(one) >= self.rank(other) else other

    def next_above(self, key: str) -> Level | None:
        above = self.levels[self.rank(key) + 1 :]
        return above[0] if above else None

    def earned(self, sums: Mapping[Metric, int]) -> str:
        """The highest level of which one threshold is reached."""
        return next((each.key for each in reversed(self.levels) if _reached(each, sums)), BASE)

    def exclusive(self) -> dict[str, list[str]]:
        """The categories that are not for all: the keys of the levels that name each."""
        found: dict[str, list[str]] = {}
        for level in self.levels:
            for category in level.benefits.categories:
                found.setdefault(category, []).append(level.key)
        return found


def _reached(level: Level, sums: Mapping[Metric, int]) -> bool:
    return any(sums.get(metric, 0) >= least for metric, least in level.thresholds.items())


def check(draft: LadderDraft) -> None:
    """Check that the levels are a ladder: each asks for more than the one below it.

    Raises Invalid naming each field that is wrong.
    """
    wrong = [*_first_problems(draft.levels), *_key_problems(draft.levels)]
    for number, (lower, upper) in enumerate(zip(draft.levels[1:], draft.levels[2:], strict=False)):
        wrong += _step_problems(f"levels[{number + 2}].thresholds", lower, upper)
    if wrong:
        raise Invalid(*wrong)


def check_categories(draft: LadderDraft, known: Container[str]) -> None:
    """Raises Invalid naming each category of a level that is not there."""
    words = Words("分类不存在", "is not a category")
    wrong = [
        FieldError(f"levels[{n}].benefits.categories[{place}]", "unknown_category", words)
        for n, level in enumerate(draft.levels)
        for place, category in enumerate(level.benefits.categories)
        if category not in known
    ]
    if wrong:
        raise Invalid(*wrong)


def _first_problems(levels: Sequence[Level]) -> Iterator[FieldError]:
    if levels[0].key != BASE:
        words = Words(f"第一级须为 {BASE}", f"must be {BASE}")
        yield FieldError("levels[0].key", "not_the_base", words)
    if levels[0].thresholds:
        words = Words("最低等级不设门槛", "the lowest level has no thresholds")
        yield FieldError("levels[0].thresholds", "not_for_the_base", words)
    for number, level in enumerate(levels[1:], 1):
        if not level.thresholds:
            words = Words("至少须有一项门槛", "needs a threshold")
            yield FieldError(f"levels[{number}].thresholds", "missing", words)


def _key_problems(levels: Sequence[Level]) -> Iterator[FieldError]:
    often = Counter(level.key for level in levels)
    for number, level in enumerate(levels):
        if often[level.key] > 1:
            words = Words("等级标识重复", "is the key of two levels")
            yield FieldError(f"levels[{number}].key", "repeated", words)


def _step_problems(path: str, lower: Level, upper: Level) -> Iterator[FieldError]:
    """Each level asks for the same metrics: who reaches the upper one has reached the lower."""
    if lower.thresholds.keys() != upper.thresholds.keys():
        words = Words("各等级须使用相同的指标", "must name the metrics of the level below")
        yield FieldError(path, "other_metrics", words)
        return
    for metric, least in upper.thresholds.items():
        if least <= lower.thresholds[metric]:
            words = Words("须高于下一级的门槛", "must be more than the level below asks")
            yield FieldError(f"{path}.{metric}", "not_above", words)


def _built_in(key: str, zh: str, en: str, spend: int) -> Level:
    thresholds: dict[Metric, int] = {"spend": spend} if spend else {}
    return Level(key=key, title=LevelTitle(zh, en), thresholds=thresholds)


BUILT_IN = Ladder(
    levels=[
        _built_in(BASE, "普通会员", "Normal", 0),
        _built_in("silver", "银卡会员", "Silver", 100_000),
        _built_in("gold", "金卡会员", "Gold", 500_000),
        _built_in("diamond", "钻石会员", "Diamond", 2_000_000),
    ]
)
