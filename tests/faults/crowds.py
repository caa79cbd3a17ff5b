"""Workers that do all acts at once on few accounts, for a while."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.kernel.errors import JifenError, Unavailable
from chalicelib.ledger.actions import movements
from chalicelib.ledger.actions.sweeps import end_waiting, expire_accounts
from tests.faults.scene import accrue, cause, epoch, on_account

WORKERS, ACCOUNTS = 32, 10
SHORT, LONG = timedelta(seconds=1), timedelta(days=400)
_TRIES = 20


@dataclass
class Crowd:
    """The accounts, the acknowledged (account, reference) pairs, and the answers."""

    seed: int
    accounts: list[str]
    claimant: str
    done: set[tuple[str, str]] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)
    failed: list[BaseException] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, answer: str, account_id: str, references: list[str]) -> None:
        with self._lock:
            self.answers[answer] += 1
            self.done |= {(account_id, reference) for reference in references}


class Name(NamedTuple):
    """The name of an errand, the same for each attempt."""

    seed: float
    account: str
    other: str
    claimant: str
    key: str


@dataclass
class Errand:
    """An act on a random account with random points; `key` names it."""

    dice: random.Random
    account: str
    other: str
    claimant: str
    key: str

    def points(self, most: int) -> int:
        return self.dice.randint(1, most)


def earn(errand: Errand) -> list[str]:
    later = errand.dice.choice([SHORT, LONG, LONG])
    accrue(errand.account, errand.points(100), errand.key, later)
    return [errand.key]


def earn_pending(errand: Errand) -> list[str]:
    accrue(errand.account, errand.points(50), errand.key, LONG, SHORT)
    if errand.dice.random() < 0.5:
        ledger.unlock(errand.account, errand.key, clock.now(), early=True)
        return [errand.key, f"{errand.key}:unlock"]
    return [errand.key]


def spend(errand: Errand) -> list[str]:
    points, why = errand.points(80), cause(errand.key)
    on_account(
        errand.account, errand.key, lambda w, seen: ledger.redeem(w, seen, points, why, clock.now())
    )
    return [errand.key]


def spend_and_return(errand: Errand) -> list[str]:
    spend(errand)
    spent, back = ledger.find_entry(errand.account, errand.key), ledger.reversal_of(errand.key)
    assert spent is not None
    on_account(
        errand.account,
        back,
        lambda w, seen: ledger.reverse(w, seen, spent, cause(back), clock.now()),
    )
    return [errand.key, back]


def earn_and_lose(errand: Errand) -> list[str]:
    accrual = accrue(errand.account, 60, errand.key, LONG)
    points, why = errand.points(60), cause(f"{errand.key}:refund")
    on_account(
        errand.account,
        why.reference,
        lambda w, seen: movements.claw_back(w, seen, accrual, points, why, clock.now()),
    )
    return [errand.key, why.reference]


def hold(errand: Errand) -> list[str]:
    points, until = errand.points(60), epoch(errand.dice.choice([SHORT, LONG]))
    held, _ = ledger.place_hold(errand.account, errand.key, points, until, cause(""), clock.now())
    end: Callable[[], Any] = errand.dice.choice(
        [
            lambda: ledger.capture_hold(errand.key, None, clock.now()),
            lambda: ledger.capture_hold(errand.key, (points + 1) // 2, clock.now()),
            lambda: ledger.release_hold(errand.key, clock.now()),
            lambda: None,
        ]
    )
    end()
    return [held.hold.reference]


def give(errand: Errand) -> list[str]:
    why = cause(ledger.transfer_reference(errand.key))
    ledger.transfer(errand.account, errand.other, errand.points(40), why, clock.now())
    return [why.reference]


def give_to_nobody(errand: Errand) -> list[str]:
    why = cause(ledger.transfer_reference(errand.key))
    ledger.transfer_to_escrow(
        errand.account, errand.claimant, b"sealed", errand.points(40), why, clock.now()
    )
    return [why.reference]


def claim(errand: Errand) -> list[str]:
    for escrow in ledger.escrows_of(errand.claimant)[:3]:
        if escrow.account_id != errand.account:
            ledger.claim_gift(escrow, errand.account, clock.now())
    return []


def sweep(errand: Errand) -> list[str]:
    if errand.dice.random() < 0.1:
        end_waiting(clock.now())
        expire_accounts(clock.now())
    return []


ERRANDS = (
    earn,
    earn,
    earn,
    earn_pending,
    spend,
    spend,
    spend_and_return,
    earn_and_lose,
    hold,
    hold,
    give,
    give_to_nobody,
    claim,
    sweep,
)


def work(crowd: Crowd, number: int, until: float) -> None:
    """One worker's errands until then."""
    dice = random.Random(f"{crowd.seed}:{number}")
    try:
        while time.monotonic() < until:
            account, other = dice.sample(crowd.accounts, 2)
            name = Name(dice.random(), account, other, crowd.claimant, ids.new_id("key"))
            _try(crowd, dice.choice(ERRANDS), name)
    except BaseException as error:
        crowd.failed.append(error)


def _try(crowd: Crowd, act: Callable[[Errand], list[str]], name: Name) -> None:
    """Do it, and retry with the same dice and key while it is unavailable."""
    for _ in range(_TRIES):
        try:
            crowd.note(act.__name__, name.account, act(Errand(random.Random(name.seed), *name[1:])))
        except Unavailable:
            continue
        except JifenError as refusal:
            crowd.note(f"{act.__name__}: {refusal.code}", name.account, [])
        return
    raise TimeoutError(f"{act.__name__} was not available {_TRIES} times")


def work_together(crowd: Crowd, seconds: float) -> None:
    """All workers at once."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(WORKERS) as threads:
        for number in range(WORKERS):
            threads.submit(work, crowd, number, until)


def new_crowd(seed: int) -> Crowd:
    accounts = [ledger.points_account(ids.new_id("mbr")) for _ in range(ACCOUNTS)]
    for account_id in accounts:
        accrue(account_id, 500, "start", LONG)
    return Crowd(seed, accounts, ids.new_id("claimant"))
