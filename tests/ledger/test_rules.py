"""The arithmetic of accounts against a plain model of lots as a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger import rules
from chalicelib.ledger.errors import InsufficientPoints
from chalicelib.ledger.rules import Account, Cause, Credit, Entry

POINTS = st.integers(1, 1_000)
STEPS = st.one_of(
    st.tuples(st.just("accrue"), POINTS, st.integers(1, 12)),
    st.tuples(st.just("redeem"), POINTS, st.just(0)),
    st.tuples(st.just("reverse"), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("wait"), st.integers(1, 3), st.just(0)),
)


def cause(number: int) -> Cause:
    return Cause(f"ref:{number}", "test", number)


class Plain:
    """Points as a list of [expiry, points]: slow, obvious, and told apart from the code."""

    def __init__(self) -> None:
        self.lots: list[list[int]] = []
        self.spent: list[list[tuple[int, int]]] = []

    def available(self, now_s: int) -> int:
        return sum(points for expiry, points in self.lots if expiry > now_s)

    def accrue(self, points: int, expiry: int) -> None:
        self.lots.append([expiry, points])

    def redeem(self, points: int, now_s: int) -> None:
        taken = []
        for lot in sorted(self.lots):
            if lot[0] > now_s:
                part = min(points, lot[1])
                lot[1] -= part
                points -= part
                taken.append((lot[0], part))
        self.spent.append(taken)

    def reverse(self, number: int) -> None:
        self.lots.extend([expiry, points] for expiry, points in self.spent[number])


@given(st.lists(STEPS, max_size=40))
def test_any_history_agrees_with_plain_arithmetic(steps: list[tuple[str, int, int]]) -> None:
    account, plain, now_s = Account("mbr_1:points"), Plain(), 1_000
    entries: list[Entry] = []
    redemptions: list[Entry] = []
    reversed_ones: set[int] = set()
    for number, (what, amount, months) in enumerate(steps):
        if what == "wait":
            now_s += amount
            continue
        if what == "accrue":
            credit = Credit(amount, now_s + months, cause(number))
            account, entry = rules.accrue(account, credit, now_s * 1000)
            plain.accrue(amount, now_s + months)
        elif what == "redeem":
            if amount > plain.available(now_s):
                with pytest.raises(InsufficientPoints) as refused:
                    rules.redeem(account, amount, cause(number), now_s * 1000)
                missing = amount - plain.available(now_s)
                assert refused.value.facts == {"missing_points": missing}
                continue
            account, entry = rules.redeem(account, amount, cause(number), now_s * 1000)
            plain.redeem(amount, now_s)
            redemptions.append(entry)
        else:
            if amount >= len(redemptions) or amount in reversed_ones:
                continue
            reversed_ones.add(amount)
            account, entry = rules.reverse(
                account, redemptions[amount], cause(number), now_s * 1000
            )
            plain.reverse(amount)
        entries.append(entry)
        assert entry.balance_after == plain.available(now_s)
    assert account.available(now_s * 1000) == plain.available(now_s)
    assert account.posted == sum(points for _, points in plain.lots)
    assert_entries_replay_to(account, entries)


def assert_entries_replay_to(account: Account, entries: list[Entry]) -> None:
    lots: dict[int, int] = {}
    head = rules.NO_HASH
    for seq, entry in enumerate(entries, start=1):
        assert entry.seq == seq
        assert sum(posting.points for posting in entry.postings) == 0
        assert entry.prev_hash == head
        head = entry.hash
        for expiry, points in entry.lots.items():
            lots[expiry] = lots.get(expiry, 0) + points
            assert lots[expiry] >= 0
    assert {e: p for e, p in lots.items() if p} == dict(account.lots)
    assert account.head_hash == head
    assert account.seq == len(entries)
    assert account.accrued - account.redeemed - account.expired == account.posted


def account_with(*lots: tuple[int, int]) -> Account:
    account = Account("mbr_1:points")
    for number, (expiry, points) in enumerate(lots):
        account, _ = rules.accrue(account, Credit(points, expiry, cause(number)), 0)
    return account


def test_the_soonest_to_lapse_is_spent_first() -> None:
    account = account_with((300, 5), (100, 5), (200, 5))
    after, entry = rules.redeem(account, 7, cause(9), 0)
    assert entry.lots == {100: -5, 200: -2}
    assert after.lots == {200: 3, 300: 5}


def test_a_point_is_unspendable_from_its_exact_second() -> None:
    account = account_with((100, 5))
    assert account.available(99_999) == 5
    assert account.available(100_000) == 0
    with pytest.raises(InsufficientPoints):
        rules.redeem(account, 1, cause(9), 100_000)


def test_a_redemption_that_is_refused_takes_nothing() -> None:
    account = account_with((100, 5))
    before = account
    with pytest.raises(InsufficientPoints):
        rules.redeem(account, 6, cause(9), 0)
    assert account == before


def test_points_of_a_lot_that_lapsed_meanwhile_come_back_lapsed() -> None:
    spent, redemption = rules.redeem(account_with((100, 5), (200, 5)), 8, cause(8), 0)
    after, entry = rules.reverse(spent, redemption, cause(9), 150_000)
    assert entry.points == 3
    assert after.available(150_000) == 5
    assert after.lots == {100: 5, 200: 5}
    assert after.redeemed == 0


def test_an_entry_is_never_recorded_before_the_one_before_it() -> None:
    account, _ = rules.accrue(account_with(), Credit(5, 10**6, cause(1)), 5_000)
    _, entry = rules.redeem(account, 1, cause(2), 4_000)
    assert entry.recorded_at_ms == 5_000


def test_the_hash_covers_every_field_of_an_entry() -> None:
    from dataclasses import fields, replace

    _, entry = rules.redeem(account_with((100, 5)), 5, cause(9), 0)
    changed = {
        "account_id": "x", "seq": 9, "type": "x", "points": 1, "balance_after": 9,
        "lots": {1: 1}, "postings": (), "reference": "x", "source": "x", "rule": "x",
        "occurred_at_ms": 1, "recorded_at_ms": 1, "prev_hash": b"x" * 32,
    }  # fmt: skip
    assert set(changed) == {field.name for field in fields(Entry)}
    for name, value in changed.items():
        assert replace(entry, **{name: value}).hash != entry.hash, name
