"""Bugs planted in the rules, for a while and in tests only: the simulation must find each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from chalicelib.kernel.errors import JifenError
from chalicelib.ledger import rules
from chalicelib.ledger.rules import accounts, clawbacks, holds, lots, movements
from chalicelib.ledger.rules.lots import Lots


def _lapses_a_second_late(expiry_s: int, at_ms: int) -> bool:
    return expiry_s * 1000 >= at_ms


def _forgets_that_debt_was_paid(credit: Lots, debt: int, at_ms: int) -> tuple[dict[int, int], int]:
    paid = min(debt, sum(lots.live(credit, at_ms).values()))
    return dict(credit), paid


def _joins_the_sooner_lot(mine: Lots, change: Lots, at_ms: int) -> dict[int, int]:
    after = lots.moved(mine, change)
    while len(open_lots := sorted(lots.live(after, at_ms))) > lots.MAX_LOTS:
        first, second = min(pairwise(open_lots), key=lambda pair: pair[1] - pair[0])
        after[first] += after.pop(second)
    return lots.moved(after, lots.negative(mine))


def _allows_37_lots(mine: Lots, change: Lots, at_ms: int) -> dict[int, int]:
    with patch.object(lots, "MAX_LOTS", lots.MAX_LOTS + 1):
        return _FITTED(mine, change, at_ms)


def _takes_the_latest(mine: Lots, points: int) -> dict[int, int]:
    taken: dict[int, int] = {}
    for expiry in sorted(mine, reverse=True):
        if part := min(points, mine[expiry]):
            taken[expiry] = part
            points -= part
    return taken


def _captures_what_lapses_last(
    account: rules.Account, held: rules.Hold, *rest: Any
) -> tuple[rules.Account, rules.Entry]:
    with patch.object(lots, "soonest", _takes_the_latest):
        return _CAPTURE(account, held, *rest)


def _gives_back_the_soonest_first(spent: Lots, points: int, skipped: int) -> dict[int, int]:
    before = lots.soonest(spent, skipped)
    return lots.soonest(lots.moved(spent, lots.negative(before)), points)


def _gives_back_the_same_again(spent: Lots, points: int, skipped: int) -> dict[int, int]:
    return _LATEST(spent, points, 0)


def _claws_back_the_soonest_first(
    account: rules.Account, accrual: rules.Entry, points: int, now_ms: int
) -> dict[int, int]:
    live = lots.live(account.lots, accounts.recording_time(account, now_ms))
    return lots.soonest(live, min(points, sum(live.values())))


def _rounds_up(granted: int, paid: int, refunded: int) -> int:
    return -(-granted * refunded // paid)


def _believes_the_clock(account: rules.Account, now_ms: int) -> int:
    return now_ms


def _takes_before_it_refuses(account: rules.Account, *rest: Any) -> dict[int, int]:
    try:
        return _LOTS_TO_SPEND(account, *rest)
    except JifenError:
        taken: Any = account.lots
        taken.pop(min(taken, default=0), None)
        raise


def _counts_no_sends(account: rules.Account, *rest: Any) -> Any:
    after, entry = _SEND(account, *rest)
    return replace(after, sends=account.sends), entry


def _captures_at_the_time_out(held: rules.Hold, at_ms: int) -> bool:
    return held.expires_at * 1000 < at_ms


_FITTED, _CAPTURE = lots.fitted, rules.capture
_LATEST = lots.latest
_LOTS_TO_SPEND, _SEND = movements.lots_to_spend, rules.send

CANARIES: Mapping[str, tuple[Any, str, Callable[..., Any]]] = {
    "a lot lapses a moment late": (lots, "is_live", _lapses_a_second_late),
    "a debt is paid by points that are kept": (lots, "after_debt", _forgets_that_debt_was_paid),
    "points are joined into the sooner lot": (lots, "fitted", _joins_the_sooner_lot),
    "there may be 37 lots": (lots, "fitted", _allows_37_lots),
    "a capture keeps the wrong lots": (rules, "capture", _captures_what_lapses_last),
    "a part comes back into the wrong lots": (lots, "latest", _gives_back_the_soonest_first),
    "a part comes back into the same lots": (lots, "latest", _gives_back_the_same_again),
    "a clawback forgets its own lot": (clawbacks, "_taken", _claws_back_the_soonest_first),
    "a share is rounded up": (rules, "pro_rata", _rounds_up),
    "the clock may step back": (accounts, "recording_time", _believes_the_clock),
    "a refusal takes a lot": (movements, "lots_to_spend", _takes_before_it_refuses),
    "transfers are not counted": (rules, "send", _counts_no_sends),
    "a hold ends a moment late": (holds.Hold, "has_timed_out", _captures_at_the_time_out),
}


@contextmanager
def canary(name: str) -> Iterator[None]:
    """The rules with one bug."""
    owner, attribute, bug = CANARIES[name]
    with patch.object(owner, attribute, bug):
        yield
