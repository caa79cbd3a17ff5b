"""Lotteries as data: prizes with stock and odds, what a draw costs, how often a member draws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.kernel import spelling
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.texts import PRIZE_ID, SkuCode
from chalicelib.kernel.texts import kind as text_of
from chalicelib.kernel.years import year_errors

Status = Literal["draft", "published", "ended"]
DRAFT: Status = "draft"
PUBLISHED: Status = "published"
ENDED: Status = "ended"
# How a lottery stands by the clock, for members.
Standing = Literal["scheduled", "running", "over"]
PrizeKind = Literal["points", "coupon", "goods", "code", "thanks"]
POINTS, COUPON, GOODS, CODE, THANKS = "points", "coupon", "goods", "code", "thanks"
Look = Literal["wheel", "scratch"]

# Odds are so many of a million tickets.
TICKETS = 1_000_000
MOST_POINTS = 1_000_000
MOST_STOCK = 1_000_000
# All draws of a member are read for each of theirs: some 90 read units at this limit.
MOST_DRAWS = 1_000

Odds = Annotated[int, Meta(ge=0, le=TICKETS)]
Stock = Annotated[int, Meta(ge=1, le=MOST_STOCK)]
SomePoints = Annotated[int, Meta(ge=0, le=MOST_POINTS)]
PrizePoints = Annotated[int, Meta(ge=1, le=MOST_POINTS)]
Draws = Annotated[int, Meta(ge=1, le=MOST_DRAWS)]
FreeDraws = Annotated[int, Meta(ge=0, le=100)]
TemplateId = Annotated[str, text_of(64)]


class LotteryTitle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name: at most 40 characters in Chinese and 80 in English."""

    zh: Annotated[str, text_of(40)] = msgspec.field(name="zh-CN")
    en: Annotated[str, text_of(80)]

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.zh


class Prize(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A prize. `odds` of a million tickets win it while some of its `stock` is left.

    `points` belong to points, `template_id` to a coupon and to goods, whose coupon is a gift, `sku`
    to a code. `thanks` is no win: it has no stock, and stands for every prize that is gone.
    """

    kind: PrizeKind
    title: LotteryTitle
    odds: Odds
    stock: Stock | None = None
    points: PrizePoints | None = None
    template_id: TemplateId | None = None
    sku: SkuCode | None = None

    @property
    def is_win(self) -> bool:
        return self.kind != THANKS


class Guarantee(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After so many draws of a member in a row that won nothing, the next wins this prize, while
    any is left."""

    after: Annotated[int, Meta(ge=1, le=MOST_DRAWS)]
    prize: Annotated[str, text_of(3, spelling.pasted, PRIZE_ID)]


class DrawLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member draws at most so often: in all, and in a day; null is no limit of a day."""

    total: Draws = 100
    day: Draws | None = None


Prizes = Annotated[tuple[Prize, ...], Meta(min_length=2, max_length=12)]


class Lottery(msgspec.Struct, frozen=True, kw_only=True):
    """A lottery. A draw costs `price_points`, but for `free_per_day` of each member's day.

    Its prizes are `p1`, `p2` and so on, in their order. `commitment` is the SHA-256 of its seed in
    hex, from its publishing on. `drawn` is how many draws there were, once it has ended.
    """

    id: str
    version: int
    status: Status
    title: LotteryTitle
    look: Look = "wheel"
    prizes: tuple[Prize, ...]
    price_points: int = 0
    free_per_day: int = 0
    limits: DrawLimits = DrawLimits()
    guarantee: Guarantee | None = None
    from_ms: int
    until_ms: int
    commitment: str | None = None
    created_at_ms: int = 0
    published_at_ms: int | None = None
    ended_at_ms: int | None = None
    drawn: int | None = None

    @property
    def by_id(self) -> dict[str, Prize]:
        return {prize_id(at): each for at, each in enumerate(self.prizes)}

    @property
    def thanks(self) -> str:
        """The id of what is no win."""
        return next(name for name, each in self.by_id.items() if not each.is_win)

    @property
    def stock(self) -> dict[int, int]:
        """What is there of each prize before the first draw, by its number."""
        pairs = enumerate(self.prizes, 1)
        return {number: each.stock for number, each in pairs if each.stock is not None}

    def stands(self, now_ms: int) -> Standing:
        if self.status == ENDED or self.until_ms <= now_ms:
            return "over"
        return "running" if self.from_ms <= now_ms else "scheduled"


def prize_id(at: int) -> str:
    """The id of the prize at a place of the list."""
    return f"p{at + 1}"


def number_of(prize: str) -> int:
    """The number by which stocks are kept of a prize."""
    return int(prize[1:])


_OWN = {"points": (POINTS,), "template_id": (COUPON, GOODS), "sku": (CODE,)}
_NOT_OF_KIND = Words("该类奖品没有此项", "does not belong to a prize of this kind")
_REQUIRED = Words("必填", "is required")


def check_lottery(lottery: Lottery) -> None:
    """Raises Invalid naming each field that does not fit the others."""
    wrong = [*_of_prizes(lottery), *_of_odds(lottery), *_of_guarantee(lottery), *_of_times(lottery)]
    if wrong:
        raise Invalid(*wrong)


def _of_prizes(lottery: Lottery) -> Iterator[FieldError]:
    for at, prize in enumerate(lottery.prizes):
        for name, kinds in (*_OWN.items(), ("stock", (POINTS, COUPON, GOODS, CODE))):
            has, field = getattr(prize, name) is not None, f"prizes[{at}].{name}"
            if has and prize.kind not in kinds:
                yield FieldError(field, "not_of_kind", _NOT_OF_KIND)
            elif not has and prize.kind in kinds:
                yield FieldError(field, "required", _REQUIRED)
    if sum(not each.is_win for each in lottery.prizes) != 1:
        words = Words("须且只能有一项“谢谢参与”", "must have exactly one that is no win")
        yield FieldError("prizes", "one_thanks", words)


def _of_odds(lottery: Lottery) -> Iterator[FieldError]:
    total = sum(each.odds for each in lottery.prizes)
    if total != TICKETS:
        words = Words(
            f"概率之和须为 1,000,000，现为 {total:,}", f"have odds of {total:,}, not of 1,000,000"
        )
        yield FieldError("prizes", "odds_do_not_sum", words)
    sure = lottery.guarantee.prize if lottery.guarantee else None
    for at, prize in enumerate(lottery.prizes):
        if not prize.odds and prize.is_win and prize_id(at) != sure:
            words = Words("概率为 0 且无保底，无人能中", "is won by nobody: its odds are 0")
            yield FieldError(f"prizes[{at}].odds", "never_won", words)


def _of_guarantee(lottery: Lottery) -> Iterator[FieldError]:
    sure = lottery.guarantee
    if sure is None:
        return
    prize = lottery.by_id.get(sure.prize)
    if prize is None or not prize.is_win:
        words = Words("须为奖品之一", "must be one of the prizes")
        yield FieldError("guarantee.prize", "unknown", words)
    if sure.after >= lottery.limits.total:
        words = Words("须少于每人总次数", "must be less than a member's draws in all")
        yield FieldError("guarantee.after", "too_large", words)


def _of_times(lottery: Lottery) -> Iterator[FieldError]:
    yield from year_errors({"valid.from": lottery.from_ms, "valid.until": lottery.until_ms})
    if lottery.until_ms <= lottery.from_ms:
        words = Words("须晚于开始时间", "must be after it begins")
        yield FieldError("valid.until", "too_early", words)
    day = lottery.limits.day
    if day is not None and lottery.free_per_day > day:
        words = Words("不能超过每日次数", "must be no more than the draws of a day")
        yield FieldError("free_per_day", "too_large", words)
    if not lottery.price_points and not lottery.free_per_day:
        words = Words("须设积分价格或每日免费次数", "must be set, or a price in points")
        yield FieldError("free_per_day", "required", words)
