"""Acts of lotteries on the scene: draws, prizes, and the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.audit import Act, Actor
from chalicelib.campaigns.actions import draws, lotteries, prizes
from chalicelib.campaigns.actions.draws import Asked
from chalicelib.campaigns.actions.seeds import new_seed
from chalicelib.campaigns.queries import lotteries as queries
from chalicelib.campaigns.rules.draws import commitment_of
from chalicelib.campaigns.rules.lotteries import (
    THANKS,
    TICKETS,
    DrawLimits,
    Lottery,
    LotteryTitle,
    Prize,
)
from chalicelib.campaigns.tables.lotteries import LotteryItem
from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from tests.faults.scene import Scene

TITLE = LotteryTitle("转盘", "Wheel")
PRICE, WORTH, DAYS = 10, 25, 3
OVER = timedelta(days=DAYS, seconds=1)
OPS = Actor("mbr_ops", frozenset({"ops"}), None, "req")


def be_lottery(scene: Scene) -> None:
    """A lottery of which each draw wins, while two prizes last."""
    _put(scene, TICKETS)


def be_unlucky(scene: Scene) -> None:
    """A lottery of which no draw wins: a prize is given by a transaction of its own."""
    _put(scene, 0)


def _put(scene: Scene, odds: int) -> None:
    lottery_id, now_ms = scene.named("lot"), to_ms(clock.now())
    seed, sealed = new_seed(lottery_id)
    won = Prize(kind="points", title=TITLE, odds=odds, stock=2, points=WORTH)
    lottery = Lottery(
        id=lottery_id,
        version=2,
        status="published",
        title=TITLE,
        prizes=(won, Prize(kind=THANKS, title=TITLE, odds=TICKETS - odds)),
        price_points=PRICE,
        limits=DrawLimits(total=3),
        from_ms=now_ms - 1000,
        until_ms=now_ms + DAYS * 86_400_000,
        commitment=commitment_of(seed),
    )
    LotteryItem.of(lottery, None, sealed).save()


def draw(scene: Scene) -> Any:
    return _draw(scene, "draw", scene.member)


def draw_too(scene: Scene) -> Any:
    """Another draw of the same member."""
    return _draw(scene, "draw too", scene.member)


def be_drawn(scene: Scene) -> None:
    """A draw whose prize is due still."""
    be_lottery(scene)
    queries.forget_lotteries()
    draws._draw(_asked(scene, "draw", scene.member), clock.now())


def give(scene: Scene) -> Any:
    return prizes.give(scene.named("lot"), 1, clock.now()).result


def sweep(scene: Scene) -> Any:
    """Whatever is due of this lottery."""
    queries.forget_lotteries()
    for lottery_id, number in list(queries.due_prizes(to_ms(clock.now()) // 1000)):
        if lottery_id == scene.named("lot"):
            prizes.give(lottery_id, number, clock.now())


def end(scene: Scene) -> Any:
    queries.forget_lotteries()
    act = Act(f"act_{scene.key}", "lottery.end", scene.named("lot"), OPS, to_ms(clock.now()))
    ended = lotteries.end_lottery(scene.named("lot"), 2, act, clock.now())
    return ended.drawn


def close(scene: Scene) -> Any:
    """The end by the clock."""
    queries.forget_lotteries()
    try:
        lotteries.sweep_lotteries(clock.now())
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed
    return queries.get_lottery(scene.named("lot")).drawn


def _asked(scene: Scene, name: str, member_id: str) -> Asked:
    return Asked(f"drw_{scene.named(name)}", scene.named("lot"), member_id, b"0" * 12)


def _draw(scene: Scene, name: str, member_id: str) -> Any:
    queries.forget_lotteries()
    made, _ = draws.draw(_asked(scene, name, member_id), clock.now())
    return made.id, made.number, made.result
