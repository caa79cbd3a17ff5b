"""Draws of a lottery: pure functions of its seed, its terms and the draws before.

A draw's ticket follows from the secret seed and its number alone. What it wins follows from the
ticket, from what is left, and from the member's losses in a row: all of it can be computed again
from the published seed and draws.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from chalicelib.campaigns.rules.lotteries import TICKETS, Lottery, number_of, prize_id

SEED_BYTES = 32
END = "end"


class Tally(msgspec.Struct, frozen=True):
    """A member's draws: in all, those of the program day `day` (an ordinal), how many of that were
    free, and how many in a row won nothing."""

    total: int = 0
    day: int = 0
    in_day: int = 0
    free: int = 0
    losses: int = 0

    def on(self, day: int) -> Tally:
        """The same, as it counts for a day."""
        return self if day == self.day else replace(self, day=day, in_day=0, free=0)


class Draw(msgspec.Struct, frozen=True, kw_only=True):
    """A draw, and how the lottery and its member stand after it.

    The draws of a lottery are its only record: each is put where none is yet, so their numbers have
    no gap, and no two of them saw the same stock. `pseudonym` stands for the member where draws
    are published. `taken` points have been paid for all draws so far. A prize to be given is due at
    `due_ms`, and was given at `given_ms`. The last record of all is no draw: its `result` is `END`.
    """

    lottery_id: str
    number: int
    id: str
    result: str
    left: dict[int, int]
    at_ms: int
    member_id: str | None = None
    pseudonym: str = ""
    tally: Tally = Tally()
    points: int = 0
    taken: int = 0
    content: bytes | None = None
    due_ms: int | None = None
    given_ms: int | None = None
    coupon_id: str | None = None
    sealed_code: bytes | None = None

    @property
    def is_end(self) -> bool:
        return self.result == END


class Chance(NamedTuple):
    """What a member may draw: how often still, what the next draw costs, the limit that is reached
    if any (`day` or `total`)."""

    left: int
    points: int
    reached: str | None


class Told(NamedTuple):
    """A published draw."""

    number: int
    member: str
    result: str


class Head(NamedTuple):
    """Where a lottery stands: the number of its last draw, its stocks, the points that were paid
    for all of them."""

    number: int
    left: dict[int, int]
    taken: int
    has_ended: bool


class Proof(NamedTuple):
    """What anybody needs to compute the draws of a lottery again; `draws` is a part of them."""

    lottery: Lottery
    seed: bytes
    total: int
    draws: list[Told]


def commitment_of(seed: bytes) -> str:
    """What is published before the first draw: it fixes the seed and tells nothing of it."""
    return hashlib.sha256(seed).hexdigest()


def ticket_of(seed: bytes, lottery_id: str, number: int) -> int:
    """The ticket of a draw: one of a million.

    The 256 bits of the HMAC are a fraction of 1, and the ticket is that fraction of a million. No
    remainder is taken. Each ticket has its 2^256 / 10^6 values, rounded up or down to a whole one:
    the chances of two tickets differ by less than one part in 2^236.
    """
    drawn = hmac.digest(seed, f"{lottery_id}:{number}".encode(), "sha256")
    return int.from_bytes(drawn) * TICKETS >> 256


def result_of(lottery: Lottery, ticket: int, left: Mapping[int, int], losses: int) -> str:
    """The prize of a ticket: what is gone is `thanks`; after so many losses, what is guaranteed."""
    sure = lottery.guarantee
    if sure is not None and losses >= sure.after and left[number_of(sure.prize)]:
        return sure.prize
    for at, prize in enumerate(lottery.prizes):
        if ticket < prize.odds:
            return prize_id(at) if left.get(at + 1, 1) else lottery.thanks
        ticket -= prize.odds
    raise AssertionError("the odds are as many as the tickets")


def after(left: Mapping[int, int], result: str) -> dict[int, int]:
    """What is left of each prize after a draw."""
    number = number_of(result)
    return {each: count - (each == number) for each, count in left.items()}


def chance_of(lottery: Lottery, tally: Tally, day: int) -> Chance:
    """What a member may draw on a day."""
    today = tally.on(day)
    in_all = lottery.limits.total - today.total
    in_day = in_all if lottery.limits.day is None else lottery.limits.day - today.in_day
    if not lottery.price_points:  # then only the free ones are draws
        in_day = min(in_day, lottery.free_per_day - today.free)
    is_free = today.free < lottery.free_per_day
    reached = "total" if in_all <= 0 else "day" if in_day <= 0 else None
    return Chance(max(0, min(in_all, in_day)), 0 if is_free else lottery.price_points, reached)


def counted(tally: Tally, day: int, *, free: bool, won: bool) -> Tally:
    """The tally after a draw."""
    today = tally.on(day)
    return Tally(
        total=today.total + 1,
        day=day,
        in_day=today.in_day + 1,
        free=today.free + free,
        losses=0 if won else today.losses + 1,
    )


def wins_of(lottery: Lottery, left: Mapping[int, int], drawn: int) -> dict[str, int]:
    """How often each prize was won, of so many draws."""
    won = {f"p{number}": stock - left[number] for number, stock in lottery.stock.items()}
    return won | {lottery.thanks: drawn - sum(won.values())}


def drawn_again(lottery: Lottery, seed: bytes, members: Iterable[str]) -> Iterator[Told]:
    """Every draw of a lottery, by who drew, in order: what `docs/verify_lottery.py` computes."""
    left, losses, thanks = lottery.stock, dict[str, int](), lottery.thanks
    for number, member in enumerate(members, 1):
        ticket = ticket_of(seed, lottery.id, number)
        result = result_of(lottery, ticket, left, losses.get(member, 0))
        losses[member] = 0 if result != thanks else losses.get(member, 0) + 1
        left = after(left, result)
        yield Told(number, member, result)
