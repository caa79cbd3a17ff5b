"""Steps of a history, and histories drawn at random from a seed.

A step names its own number, and an earlier one by that one's number: take any step away and the
others still mean what they did.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

SECOND, HOUR, DAY = 1_000, 3_600_000, 86_400_000
START_MS = 1_790_000_000_000
LONG_AGO, NEVER_S = -50, 32_503_680_000

# The accounts, in the order of their numbers in steps.
ACCOUNTS = (
    "ada:points",
    "bo:points",
    "cy:points",
    "ada:growth",
    "ada:rebate_cash",
    "bo:rebate_cash",
)
MOST = 10**12
# Limits of transfers: points at once, points and times on one day.
AT_ONCE, A_DAY, TIMES_A_DAY = 600, 1_500, 4


class Step(NamedTuple):
    """What somebody does: `on` and `to` are accounts, `of` an earlier step's number.

    `whole` counts `points` from all that there is. `expires`, `unlocks` are seconds from then.
    """

    n: int
    do: str
    on: int = 0
    to: int = 0
    of: int = -1
    points: int = 0
    whole: bool = False
    ms: int = 0
    expires: int = 0
    unlocks: int | None = None
    honours: bool = True
    stray: bool = False

    def __repr__(self) -> str:
        plain = Step._field_defaults
        said = [f"{self.n}", f"{self.do!r}"]
        for name in self._fields[2:]:
            if getattr(self, name) != plain[name]:
                said.append(f"{name}={getattr(self, name)!r}")
        return f"Step({', '.join(said)})"


class Pace(NamedTuple):
    """What one history is like: seconds that lots live, milliseconds between steps, points in a
    credit, how often all there is goes at once. In one that hoards, lots come to be many."""

    life_s: int
    wait_ms: int
    points: int
    whole: float = 0.2
    hoards: bool = False


PACES = (
    Pace(8, 900, 30), Pace(60, 20_000, 300), Pace(4_000, 5_000, 90, 0.01, hoards=True),
    Pace(40 * 86_400, 6 * HOUR, 5_000), Pace(500, 500, 12),
    Pace(30_000, 2_000, 700, 0.02, hoards=True),
)  # fmt: skip


class Drawing:
    """One history being drawn: it knows which steps it has drawn, not what came of them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.pace = random.choice(PACES)
        self.drawn: dict[str, list[int]] = {}
        self.accounts = random.choice(((0,), (0, 1), (0, 1, 2), (0, 4), (0, 1, 2, 3, 4, 5)))

    def step(self, number: int) -> Step:
        name = self.random.choices(NAMES, WEIGHTS)[0]
        if self.pace.hoards and name in JUMPS and self.random.random() < 0.9:
            name = "accrue"
        step = DRAW[name](self, number)
        self.drawn.setdefault(step.do, []).append(number)
        return step

    def on(self) -> int:
        return self.random.choice(self.accounts)

    def points(self) -> int:
        odd = self.random.random()
        if odd < 0.02:
            return self.random.choice((MOST, MOST - 1, 10**9))
        if odd < 0.1:
            return 1
        return self.random.randint(1, self.pace.points)

    def amount(self) -> tuple[int, bool]:
        """So many points; or all there are, one fewer, one more, some more."""
        if self.random.random() < self.pace.whole:
            return self.random.choice((0, 0, 0, -1, 1, 7)), True
        return 1 + self.points() // 6, False

    def life(self) -> int:
        odd = self.random.random()
        if odd < 0.03:
            return self.random.choice((0, LONG_AGO, -1))
        if odd < 0.08:
            return NEVER_S
        return self.random.randint(1, self.pace.life_s)

    def earlier(self, *names: str) -> int:
        """One of the steps of these names, rather a late one; -1 if there is none."""
        found = self.drawn.get(self.random.choice(names)) or [-1]
        if self.random.random() < 0.7:
            found = found[-5:]
        return self.random.choice(found)

    def seldom(self) -> bool:
        return self.random.random() < 0.02


def _accrue(draw: Drawing, n: int) -> Step:
    waits = draw.random.randint(0, draw.pace.life_s) if draw.random.random() < 0.25 else None
    points, life = draw.points(), draw.life()
    return Step(n, "accrue", draw.on(), points=points, expires=life, unlocks=waits)


def _with_amount(name: str) -> Callable[[Drawing, int], Step]:
    def draw_one(draw: Drawing, n: int) -> Step:
        points, whole = draw.amount()
        to = draw.random.randrange(3)
        return Step(n, name, draw.on(), to, points=points, whole=whole)

    return draw_one


def _hold(draw: Drawing, n: int) -> Step:
    points, whole = draw.amount()
    lasts, honours = draw.random.randint(1, draw.pace.life_s), draw.random.random() < 0.6
    on = draw.on()
    return Step(n, "hold", on, points=points, whole=whole, expires=lasts, honours=honours)


def _capture(draw: Drawing, n: int) -> Step:
    points, whole = draw.amount()
    points = points if whole else 1 + points // 2
    of, stray = draw.earlier("hold"), draw.seldom()
    return Step(n, "capture", of=of, points=points, whole=whole, stray=stray)


def _return(draw: Drawing, n: int) -> Step:
    """Return some of the spent points, or the rest of them."""
    of, whole = draw.earlier("redeem", "reserve"), draw.random.random() < 0.3
    return Step(n, "return_part", of=of, points=1 + draw.points() // 6, whole=whole)


def _ended(name: str) -> Callable[[Drawing, int], Step]:
    """An owner's own hold ends."""
    return lambda draw, n: Step(n, name, of=draw.earlier("reserve"))


def _about(name: str, *of: str) -> Callable[[Drawing, int], Step]:
    def draw_one(draw: Drawing, n: int) -> Step:
        to = draw.random.randrange(3)
        return Step(n, name, to=to, of=draw.earlier(*of), stray=draw.seldom())

    return draw_one


def _refund(draw: Drawing, n: int) -> Step:
    """`points` is the refunded share of the payment, in thousandths."""
    kinds = ("accrue",) * 30 + ("redeem", "adjust")
    of, parts = draw.earlier(*kinds), draw.random.choice((1, 333, 500, 999, 1_000, 1_000))
    # A clawback of more than was granted, now and then.
    return Step(n, "refund", of=of, points=parts, whole=draw.seldom(), stray=draw.seldom())


def _adjust(draw: Drawing, n: int) -> Step:
    points, whole = draw.amount()
    given = draw.random.random() < 0.5
    sign = 1 if given and not whole else -1
    whole, life = whole and sign < 0, draw.life()
    return Step(n, "adjust", draw.on(), points=points * sign, whole=whole, expires=life)


def _wait(draw: Drawing, n: int) -> Step:
    return Step(n, "wait", ms=int(draw.random.expovariate(1) * draw.pace.wait_ms))


def _back(draw: Drawing, n: int) -> Step:
    return Step(n, "wait", ms=-draw.random.choice((1, 999, 5 * SECOND, 3 * draw.pace.wait_ms)))


def _to(name: str, *of: str) -> Callable[[Drawing, int], Step]:
    """Go to the very millisecond of something, or one before or after."""

    def draw_one(draw: Drawing, n: int) -> Step:
        at, on = draw.random.choice((-1, 0, 0, 0, 1)), draw.on()
        which = draw.random.randrange(3)
        return Step(n, name, on, of=draw.earlier(*of) if of else -1, points=which, ms=at)

    return draw_one


def _plain(name: str) -> Callable[[Drawing, int], Step]:
    return lambda draw, n: Step(n, name, draw.on())


def _again(draw: Drawing, n: int) -> Step:
    return Step(n, "again", of=draw.random.randrange(max(1, n)))


DRAW: dict[str, Callable[[Drawing, int], Step]] = {
    "accrue": _accrue,
    "unlock": _about("unlock", "accrue"),
    "redeem": _with_amount("redeem"),
    "reverse": _about("reverse", *("redeem",) * 9, "accrue", "hold", "reverse"),
    "hold": _hold,
    "capture": _capture,
    "release": _about("release", "hold"),
    "reserve": _with_amount("reserve"),
    "collect": _ended("collect"),
    "unreserve": _ended("unreserve"),
    "return_part": _return,
    "time_out": _about("time_out", "hold"),
    "transfer": _with_amount("transfer"),
    "escrow": _with_amount("escrow"),
    "claim": _about("claim", "escrow"),
    "give_back": _about("give_back", "escrow"),
    "adjust": _adjust,
    "refund": _refund,
    "lapse": _plain("lapse"),
    "freeze": _plain("freeze"),
    "unfreeze": _plain("unfreeze"),
    "wait": _wait,
    "back": _back,
    "to_lapse": _to("to_lapse"),
    "to_time_out": _to("to_time_out", "hold"),
    "to_unlock": _to("to_unlock", "accrue"),
    "again": _again,
}
WEIGHT = {
    "accrue": 26, "unlock": 5, "redeem": 12, "reverse": 6, "hold": 9, "capture": 7, "release": 3,
    "reserve": 5, "collect": 5, "unreserve": 2, "return_part": 6,
    "time_out": 2, "transfer": 4, "escrow": 3, "claim": 2, "give_back": 2, "adjust": 4,
    "refund": 6, "lapse": 2, "freeze": 1, "unfreeze": 6, "wait": 12, "back": 1, "to_lapse": 3,
    "to_time_out": 6, "to_unlock": 1, "again": 4,
}  # fmt: skip
JUMPS = ("back", "to_lapse", "to_time_out", "to_unlock", "freeze")
NAMES = tuple(DRAW)
WEIGHTS = tuple(WEIGHT[name] for name in NAMES)


def history(seed: str, length: int) -> list[Step]:
    """The history of a seed: always the same."""
    drawing = Drawing(Random(seed))
    return [drawing.step(number) for number in range(length)]


def program_day(ms: int) -> int:
    """The day of an instant in the program's time zone (UTC+8), as an ordinal."""
    return 719_163 + (ms + 8 * HOUR) // DAY


def paid_for(accrual: int) -> int:
    """Minor units of money that the order of an accrual cost."""
    return 7 + accrual * 31 % 1_993


def refund_of(step: Step, before: int) -> int:
    """All that was refunded of an order after a refund, in minor units."""
    paid = paid_for(step.of)
    return min(paid, before + max(1, paid * step.points // 1_000))
