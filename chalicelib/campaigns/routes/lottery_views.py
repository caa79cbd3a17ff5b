"""Views of lotteries, of draws and of the proof."""

from __future__ import annotations

from typing import Literal

import msgspec

from chalicelib.campaigns.rules.draws import (
    Draw,
    Head,
    Proof,
    Tally,
    chance_of,
    commitment_of,
)
from chalicelib.campaigns.rules.lotteries import (
    DrawLimits,
    Look,
    Lottery,
    PrizeKind,
    Standing,
    number_of,
)
from chalicelib.kernel.clock import program_day, rfc3339_ms, to_ms
from chalicelib.kernel.web.requests import Call

DrawStatus = Literal["lost", "coming", "given", "forfeited"]


class LotteryCard(msgspec.Struct):
    """A lottery in a list."""

    id: str
    title: str
    look: Look
    status: Standing
    starts_at: str
    ends_at: str


class OfferedPrize(msgspec.Struct):
    """A prize. `odds` of 1,000,000 win it while some are `left`; `left` is null of `thanks`, which
    is no win."""

    id: str
    kind: PrizeKind
    title: str
    odds: int
    left: int | None
    points: int | None


class OfferedGuarantee(msgspec.Struct):
    """After `after` draws in a row that won nothing, the next wins the prize; `losses` are mine."""

    after: int
    prize_id: str
    losses: int


class LotteryView(msgspec.Struct):
    """A lottery for a member. The next draw costs `next_draw_points`: 0 while one is free.

    `commitment` is the SHA-256 of the seed from which every draw follows; the proof will show it.
    `pseudonym` is how the member's draws are published.
    """

    id: str
    title: str
    look: Look
    status: Standing
    starts_at: str
    ends_at: str
    prizes: list[OfferedPrize]
    price_points: int
    free_per_day: int
    limits: DrawLimits
    guarantee: OfferedGuarantee | None
    draws_left: int
    next_draw_points: int
    drawn: int
    proof_ready: bool
    commitment: str
    pseudonym: str


class WonPrize(msgspec.Struct):
    """What a draw has won; `thanks` is nothing."""

    id: str
    kind: PrizeKind
    title: str
    points: int | None


class DrawView(msgspec.Struct):
    """A draw, which cost `points`. A prize is `coming` until it is `given`: within minutes, as a
    rule."""

    id: str
    number: int
    prize: WonPrize
    points: int
    status: DrawStatus
    coupon_id: str | None
    code: str | None
    created_at: str


class ProvenPrize(msgspec.Struct):
    """A prize as it was before the first draw; `stock` is null of what is no win."""

    id: str
    odds: int
    stock: int | None


class ProvenGuarantee(msgspec.Struct):
    """After so many losses of a member in a row the next draw wins this prize."""

    after: int
    prize_id: str


class ProvenDraw(msgspec.Struct):
    """A draw in public: the member as a pseudonym of this lottery."""

    number: int
    member: str
    result: str


class ProofView(msgspec.Struct):
    """The seed in hex, and all `total` draws in order, a part of them in each answer."""

    id: str
    seed: str
    commitment: str
    prizes: list[ProvenPrize]
    guarantee: ProvenGuarantee | None
    total: int
    draws: list[ProvenDraw]
    next_cursor: str | None


def card(lottery: Lottery, call: Call) -> LotteryCard:
    return LotteryCard(
        id=lottery.id,
        title=lottery.title.in_language(call.language),
        look=lottery.look,
        status=lottery.stands(to_ms(call.now)),
        starts_at=rfc3339_ms(lottery.from_ms),
        ends_at=rfc3339_ms(lottery.until_ms),
    )


def lottery_view(
    lottery: Lottery, head: Head, tally: Tally, pseudonym: str, call: Call
) -> LotteryView:
    chance = chance_of(lottery, tally, program_day(call.now).toordinal())
    shown, sure = card(lottery, call), lottery.guarantee
    is_open = shown.status == "running" and not head.has_ended
    return LotteryView(
        **{**msgspec.structs.asdict(shown), "status": "over" if head.has_ended else shown.status},
        prizes=_offered(lottery, head, call.language),
        price_points=lottery.price_points,
        free_per_day=lottery.free_per_day,
        limits=lottery.limits,
        guarantee=OfferedGuarantee(sure.after, sure.prize, tally.losses) if sure else None,
        draws_left=chance.left if is_open else 0,
        next_draw_points=chance.points,
        drawn=head.number,
        proof_ready=head.has_ended,
        commitment=lottery.commitment or "",
        pseudonym=pseudonym,
    )


def _offered(lottery: Lottery, head: Head, language: str) -> list[OfferedPrize]:
    return [
        OfferedPrize(
            id=name,
            kind=prize.kind,
            title=prize.title.in_language(language),
            odds=prize.odds,
            left=head.left.get(number_of(name)),
            points=prize.points,
        )
        for name, prize in lottery.by_id.items()
    ]


def draw_view(lottery: Lottery, draw: Draw, code: str | None, language: str) -> DrawView:
    """A draw with the code that it won, opened."""
    prize = lottery.by_id[draw.result]
    return DrawView(
        id=draw.id,
        number=draw.number,
        prize=WonPrize(draw.result, prize.kind, prize.title.in_language(language), prize.points),
        points=draw.points,
        status=_status(draw, won=prize.is_win),
        coupon_id=draw.coupon_id,
        code=code,
        created_at=rfc3339_ms(draw.at_ms),
    )


def _status(draw: Draw, *, won: bool) -> DrawStatus:
    if not won:
        return "lost"
    if draw.due_ms is not None:
        return "coming"
    return "forfeited" if draw.given_ms is None else "given"


def proof_view(proof: Proof, cursor: str | None) -> ProofView:
    lottery, sure = proof.lottery, proof.lottery.guarantee
    return ProofView(
        id=lottery.id,
        seed=proof.seed.hex(),
        commitment=commitment_of(proof.seed),
        prizes=[ProvenPrize(name, each.odds, each.stock) for name, each in lottery.by_id.items()],
        guarantee=ProvenGuarantee(sure.after, sure.prize) if sure else None,
        total=proof.total,
        draws=[ProvenDraw(*each) for each in proof.draws],
        next_cursor=cursor,
    )
