"""Histories played step by step, with every claim checked after every step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from chalicelib.ledger.rules import Account, Entry
from tests.simulation.claims import (
    Broken,
    Witness,
    agree,
    nothing_lost,
    same_outcome,
    sound,
    untouched,
)
from tests.simulation.model import Model, Outcome, Refused
from tests.simulation.pure import PureLedger
from tests.simulation.steps import Step


class Failure(NamedTuple):
    """A claim that broke at a step (its place in the history), and how."""

    claim: str
    place: int
    detail: str


class Ledger(Protocol):
    """The ledger of a history: its accounts after a step, and the entries of that step."""

    accounts: list[Account]
    entries: list[tuple[int, Entry]]

    def play(self, step: Step, now_ms: int) -> Outcome: ...


class Run:
    """One history against one ledger."""

    def __init__(self, ledger: Ledger, model: Model) -> None:
        self.ledger, self.model, self.witness = ledger, model, Witness()
        self.asked: dict[int, Step] = {}
        self.lots = [dict(account.lots) for account in self.ledger.accounts]
        self.outcomes: dict[str, int] = {}

    def play(self, step: Step) -> None:
        """Raises Broken, and whatever the rules raise that they should not."""
        if step.do == "again":
            if step.of not in self.asked:
                return
            asked: Step | None = self.asked[step.of]
        else:
            asked = self.model.resolved(step)
        if asked is not None:
            self.asked[asked.n] = asked
            self._play(asked)

    def _play(self, step: Step) -> None:
        before = list(self.ledger.accounts)
        now_ms = self.model.now_ms
        wanted = self.model.play(step)
        seen = self.ledger.play(step, now_ms)
        same_outcome(wanted, seen)
        self._count(step, seen)
        for on, entry in self.ledger.entries:
            self.witness.see(on, entry)
        written = {on for on, _ in self.ledger.entries}
        for on, account in enumerate(self.ledger.accounts):
            if on in written:
                self.witness.agrees(on, account)
                sound(account, written=True)
            elif step.do not in ("freeze", "unfreeze"):
                untouched(self.lots[on], account, before[on])
            if before[on].lots != self.lots[on]:
                raise Broken("rules change no argument", before[on])
            if on in written or account is not before[on]:
                agree(self.model, on, account)
                self.lots[on] = dict(account.lots)
        nothing_lost(self.model, self.witness)

    def _count(self, step: Step, seen: object) -> None:
        what = seen.code if isinstance(seen, Refused) else ("made" if seen else "nothing")
        name = f"{step.do} {what}"
        self.outcomes[name] = self.outcomes.get(name, 0) + 1

    def finish(self) -> None:
        for on, account in enumerate(self.ledger.accounts):
            agree(self.model, on, account)
            sound(account, written=False)
            self.witness.check_all(on, account, self.waiting(on))

    def waiting(self, on: int) -> int:
        """The sum of the records of pending points."""
        return self.model.waiting(on)


def play(steps: Sequence[Step], outcomes: dict[str, int] | None = None) -> Failure | None:
    """The first claim of the rules that a history breaks, None if it breaks none."""
    return played(Run(PureLedger(), Model()), steps, outcomes)


def played(
    run: Run, steps: Sequence[Step], outcomes: dict[str, int] | None = None
) -> Failure | None:
    place = 0
    try:
        for place, step in enumerate(steps):  # noqa: B007 - named where it failed
            run.play(step)
        run.finish()
    except Broken as broken:
        return Failure(broken.claim, place, str(broken))
    except Exception as error:
        return Failure(type(error).__name__, place, repr(error))
    for name, count in run.outcomes.items():
        if outcomes is not None:
            outcomes[name] = outcomes.get(name, 0) + count
    return None
