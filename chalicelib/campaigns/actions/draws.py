"""A draw: one transaction, whatever happens beside it.

The draws of a lottery form a chain. Each is put under the next number, where none may be, so a draw
that was made on an older head is refused and tried again. The head's stocks, the member's counts
and the key of the request are in the draws themselves, read after the head: nothing else is written
beside the ledger's entry.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from chalicelib import ledger
from chalicelib.campaigns.actions import prizes
from chalicelib.campaigns.actions.seeds import pseudonym_of, seed_of
from chalicelib.campaigns.errors import (
    DrawPriceChanged,
    LotteryNotStarted,
    LotteryOver,
    NoDrawsLeft,
)
from chalicelib.campaigns.queries import lotteries as queries
from chalicelib.campaigns.queries.lotteries import Known
from chalicelib.campaigns.rules import draws as rules
from chalicelib.campaigns.rules.draws import Chance, Draw, Head, Tally
from chalicelib.campaigns.rules.lotteries import Lottery
from chalicelib.campaigns.tables.lotteries import DrawItem
from chalicelib.kernel.clock import program_day, rfc3339_ms, to_ms
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, Moved
from chalicelib.kernel.failures import tell
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads
from chalicelib.ledger import Cause

# All draws of a lottery wait for each other, so one is tried more often than other writes, and for
# longer: some 13 s, within the 29 s of an answer.
ATTEMPTS, LONGEST_PAUSE_S = 20, 2
RULE = "lottery"


class Asked(NamedTuple):
    """A draw as a member asks for it: its id follows from their key. `expected` is what they saw
    that it costs, in points, if they said so."""

    draw_id: str
    lottery_id: str
    member_id: str
    content: bytes
    expected: int | None = None


def draw(asked: Asked, now: datetime) -> tuple[Draw, bool]:
    """Draw once: (draw, replayed). What it wins is given right after, or by the sweep.

    Raises NotFound, LotteryNotStarted, LotteryOver, NoDrawsLeft, DrawPriceChanged,
    InsufficientPoints, AccountFrozen, UnderReview, IdempotencyKeyReused.
    """

    def find() -> Draw | None:
        found = queries.find_draw(asked.lottery_id, asked.member_id, asked.draw_id)
        return replay_of(found, asked.content)

    def write() -> Draw:
        return with_fresh_reads(
            lambda: _draw(asked, now), attempts=ATTEMPTS, longest_s=LONGEST_PAUSE_S
        )

    made, replayed = replay_outranks_refusal(write, find)
    if made.due_ms is not None:
        try:
            made = prizes.give(made.lottery_id, made.number, now)
        except Exception as error:  # The draw stands, and the sweep gives the prize.
            tell("a prize was not given at once", error, what=made.id)
    return made, replayed


def _draw(asked: Asked, now: datetime) -> Draw:
    known = queries.get_known(asked.lottery_id)
    head = queries.head_of(known.lottery)
    # After the head: a draw of theirs that is missing here has a number above it, and is refused.
    mine = queries.mine(asked.lottery_id, asked.member_id)
    if any(each.id == asked.draw_id for each in mine):
        raise IdempotencyKeyReused()  # The caller finds it, and whether it is the same.
    tally = queries.tally_of(mine)
    chance = _checked(known.lottery, head, tally, asked.expected, now)
    made = _drawn(known, head, tally, chance, asked, now)
    writes = WriteSet()
    writes.put_new(DrawItem.of(made), or_raise=Moved)
    _pay(writes, made, now)
    writes.commit()
    return made


def _checked(
    lottery: Lottery, head: Head, tally: Tally, expected: int | None, now: datetime
) -> Chance:
    """Raises LotteryNotStarted, LotteryOver, NoDrawsLeft, DrawPriceChanged."""
    stands = lottery.stands(to_ms(now))
    if head.has_ended or stands == "over":
        raise LotteryOver()
    if stands == "scheduled":
        raise LotteryNotStarted(starts_at=rfc3339_ms(lottery.from_ms))
    chance = rules.chance_of(lottery, tally, program_day(now).toordinal())
    if chance.reached is not None:
        raise NoDrawsLeft(limit=chance.reached)
    if expected not in (None, chance.points):
        raise DrawPriceChanged(points=chance.points)
    return chance


def _drawn(
    known: Known, head: Head, tally: Tally, chance: Chance, asked: Asked, now: datetime
) -> Draw:
    lottery, number = known.lottery, head.number + 1
    ticket = rules.ticket_of(seed_of(known), lottery.id, number)
    result = rules.result_of(lottery, ticket, head.left, tally.losses)
    won = lottery.by_id[result].is_win
    is_free, day = not chance.points, program_day(now).toordinal()
    return Draw(
        lottery_id=lottery.id,
        number=number,
        id=asked.draw_id,
        result=result,
        left=rules.after(head.left, result),
        at_ms=to_ms(now),
        member_id=asked.member_id,
        pseudonym=pseudonym_of(lottery.id, asked.member_id),
        tally=rules.counted(tally, day, free=is_free, won=won),
        points=chance.points,
        taken=head.taken + chance.points,
        content=asked.content,
        due_ms=to_ms(now) if won else None,
    )


def _pay(writes: WriteSet, made: Draw, now: datetime) -> None:
    """Add what a draw costs; one that is free needs an account that may spend."""
    assert made.member_id is not None, "a member draws"
    account_id = ledger.points_account(made.member_id)
    if not made.points:
        ledger.check_active(writes, account_id)
        return
    cause = Cause(f"draw:{made.id}", f"lottery:{made.lottery_id}", made.at_ms, RULE)
    ledger.redeem(writes, ledger.find_account(account_id), made.points, cause, now)
