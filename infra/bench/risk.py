"""How the suggested rules of risk fare on a made-up population: what they find, and whom they
suspect in vain."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from chalicelib.risk.rules.evidence import (
    Evidence,
    most_in_an_hour,
    refunded_share,
    refunds_after_spending,
)
from chalicelib.risk.rules.links import linked
from chalicelib.risk.rules.scores import LEVELS, SUGGESTED, Published, judge
from infra.bench.risk_population import Person, Population

HONEST = 20_000
_HOLDS = ("pending", "review", "freeze")


class Found(NamedTuple):
    """Of so many people of a kind, how many reached each level."""

    kind: str
    is_abuse: bool
    people: int
    levels: Counter[str]

    @property
    def seen(self) -> int:
        return self.people - self.levels["none"]

    @property
    def held(self) -> int:
        return sum(self.levels[each] for each in _HOLDS)


def measure(size: int = HONEST) -> list[Found]:
    """Judge everybody of a population by the suggested rules."""
    people = Population(size).people
    of_kind: defaultdict[str, list[Person]] = defaultdict(list)
    for each in people.values():
        of_kind[each.kind].append(each)
    known = _Known(people)
    rules = Published(SUGGESTED)
    return [
        Found(
            kind,
            some[0].is_abuse,
            len(some),
            Counter(judge(known.evidence_of(each), rules).level for each in some),
        )
        for kind, some in of_kind.items()
    ]


class _Known:
    """The facts of a population, as the queries of risk find them."""

    def __init__(self, people: dict[str, Person]) -> None:
        self._people = people
        self._on: defaultdict[str, set[str]] = defaultdict(set)
        self._friends: defaultdict[str, list[str]] = defaultdict(list)
        for each in people.values():
            for use in (*each.devices, *each.networks):
                self._on[use].add(each.id)
            if each.referrer:
                self._friends[each.referrer].append(each.id)

    def evidence_of(self, person: Person) -> Evidence:
        family = [person, *(self._people[each] for each in self._family(person))]
        friends = self._friends[person.id]
        devices = {each.id: each.devices for each in family}
        networks = {each.id: [n.partition("#")[2] for n in each.networks] for each in family}
        return Evidence(
            members_on_a_device=self._most_others(person.devices),
            members_on_a_network=self._most_others(person.networks),
            linked_friends=linked(person.id, friends, devices),
            friends_on_a_network=linked(person.id, friends, networks),
            refunds_after_spending=refunds_after_spending(person.movements),
            refunded_share=refunded_share(person.movements),
            credits_in_an_hour=most_in_an_hour(person.movements),
        )

    def _most_others(self, uses: list[str]) -> int:
        return max((len(self._on[each]) - 1 for each in uses), default=0)

    def _family(self, person: Person) -> set[str]:
        friends = self._friends[person.id]
        found = set(friends)
        if person.referrer:
            above = self._people[person.referrer].referrer
            found |= {person.referrer, *self._friends[person.referrer], *([above] if above else [])}
        found |= {other for friend in friends for other in self._friends[friend]}
        return found - {person.id}


def of_risk(found: list[Found]) -> str:
    """The tables, with their sums: recall of what was planted, false alarms among the rest."""
    planted = [each for each in found if each.is_abuse]
    honest = [each for each in found if not each.is_abuse]
    levels = " | ".join(f"`{each}`" for each in LEVELS[1:-1])
    head = [f"| who | members | {levels} | seen | held |", "|---|---|---|---|---|---|---|"]
    rows = [
        *(_row(each.kind, [each]) for each in planted),
        _row("**all that was planted: recall**", planted),
        *(_row(f"honest: {each.kind}", [each]) for each in honest),
        _row("**all honest: false alarms**", honest),
    ]
    return "\n".join([*head, *rows])


def _row(name: str, found: list[Found]) -> str:
    people = sum(each.people for each in found)
    levels = sum((each.levels for each in found), Counter[str]())
    counts = " | ".join(f"{levels[each]:,}" for each in LEVELS[1:-1])
    seen, held = (sum(getattr(each, what) for each in found) for what in ("seen", "held"))
    shares = f"{100 * seen / people:.2f} % | {100 * held / people:.2f} %"
    return f"| {name} | {people:,} | {counts} | {shares} |"
