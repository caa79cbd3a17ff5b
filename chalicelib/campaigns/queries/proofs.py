"""The proof of a lottery: its seed and its draws, once nobody can draw any more."""

from __future__ import annotations

from chalicelib.campaigns.errors import LotteryNotOver
from chalicelib.campaigns.queries.lotteries import draws_after, find_item
from chalicelib.campaigns.rules.draws import Proof, Told
from chalicelib.campaigns.rules.lotteries import ENDED, Lottery
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.crypto import decrypt
from chalicelib.kernel.errors import or_not_found


def seed_bound(lottery_id: str) -> str:
    """What a seed is sealed for."""
    return f"lottery:{lottery_id}"


def proof_of(lottery_id: str, after: int, limit: int) -> Proof:
    """The proof of a lottery with its draws after a number.

    The seed tells every draw to come. So it is shown after the record is there behind which nobody
    draws, and never by a clock alone.

    Raises NotFound, LotteryNotOver.
    """
    item = find_item(lottery_id)
    lottery: Lottery = item.value()
    sealed: bytes = or_not_found(item.sealed_seed)
    if lottery.status != ENDED or lottery.drawn is None:
        raise LotteryNotOver(ends_at=rfc3339_ms(lottery.until_ms))
    draws = draws_after(lottery_id, after, limit)
    told = [Told(each.number, each.pseudonym, each.result) for each in draws]
    return Proof(lottery, decrypt(sealed, seed_bound(lottery_id)), lottery.drawn, told)
