"""A lottery of tests, its proof, and the script that computes its draws again."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from chalicelib.campaigns.rules.draws import commitment_of, drawn_again
from chalicelib.campaigns.rules.lotteries import (
    THANKS,
    Guarantee,
    Lottery,
    LotteryTitle,
    Prize,
    PrizeKind,
)

SEED = bytes(range(32))
SCRIPT = Path(__file__).parents[2] / "docs" / "verify_lottery.py"
TITLE = LotteryTitle("转盘", "Wheel")


def prize(kind: PrizeKind, odds: int, stock: int | None = None, **other: Any) -> Prize:
    return Prize(kind=kind, title=TITLE, odds=odds, stock=stock, **other)


PRIZES = (
    prize("coupon", 1_000, 3, template_id="ctp_1"),
    prize("points", 99_000, 40, points=50),
    prize(THANKS, 900_000),
)


def lottery(**other: Any) -> Lottery:
    known: dict[str, Any] = {
        "id": "lot_5c3bqbzkmvnl2hwmbkqk5pnjhm",
        "version": 1,
        "status": "published",
        "title": TITLE,
        "prizes": PRIZES,
        "price_points": 10,
        "from_ms": 950 * 10**9,
        "until_ms": 10**12,
    }
    return Lottery(**{**known, **other})


def proof(told: Lottery, members: Iterable[str], seed: bytes = SEED) -> dict[str, Any]:
    """The proof of a lottery in which these have drawn, as its route gives it."""
    sure: Guarantee | None = told.guarantee
    draws = [each._asdict() for each in drawn_again(told, seed, members)]
    made = {
        "id": told.id,
        "seed": seed.hex(),
        "commitment": commitment_of(seed),
        "prizes": [
            {"id": name, "odds": each.odds, "stock": each.stock}
            for name, each in told.by_id.items()
        ],
        "guarantee": {"after": sure.after, "prize_id": sure.prize} if sure else None,
        "total": len(draws),
        "draws": draws,
    }
    decoded: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(made))
    return decoded


def _script() -> Any:
    spec = importlib.util.spec_from_file_location("verify_lottery", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


verify = _script()
