"""Returns of a withdrawal in parts: each is given back once, in any order of bookings and webhooks.
The withdrawal has failed once all of it is returned.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.payments.rules.gateway import Movement, ProviderPayout
from chalicelib.withdrawals.actions import effects
from chalicelib.withdrawals.queries.withdrawals import due_withdrawals, get_withdrawal
from chalicelib.withdrawals.rules import withdrawals as rules
from tests.conftest import Time
from tests.payments.fake_gateway import FakeGateway
from tests.withdrawals.withdrawing import (
    balances,
    cash,
    counted,
    everything,
    in_balance,
    sweep,
    sync_now,
    ties,
)

Patch = pytest.MonkeyPatch
PARTS = (2_000, 3_000, 7_000)


class Late:
    """The provider's books, which know a line of a payout later than the payout does."""

    def __init__(self, gateway: FakeGateway, patch: Patch) -> None:
        self.gateway, self.unbooked = gateway, set[str]()
        find, pay = gateway.find_payout, gateway.pay_out
        patch.setattr(gateway, "find_payout", lambda it: self._told(find(it)))
        patch.setattr(gateway, "pay_out", lambda *asked: self._told(pay(*asked)))

    @property
    def payout(self) -> ProviderPayout:
        return next(iter(self.gateway.payouts.values()))

    def take_back(self, *parts: int) -> list[Movement]:
        """Take back an amount in parts that are not booked yet."""
        made = [self.gateway.return_part(self.payout.id, part).back[-1] for part in parts]
        if sum(line.amount for line in self.payout.movements) == 0:
            whole = replace(self.payout, status="failed", failure="reversed")
            self.gateway.payouts[whole.id] = whole
        self.unbooked |= {line.id for line in made}
        return made

    def _told(self, payout: ProviderPayout) -> ProviderPayout:
        booked = tuple(line for line in payout.movements if line.id not in self.unbooked)
        whole = booked == payout.movements
        return replace(payout, movements=booked, status=payout.status if whole else "pending")


@pytest.fixture
def late(gateway: FakeGateway, monkeypatch: Patch) -> Late:
    return Late(gateway, monkeypatch)


def is_due(made: str, hours: int = 0) -> bool:
    return made in due_withdrawals(to_ms(clock.now()) + hours * 3_600_000)


def is_back(gateway: FakeGateway, member: str, made: str) -> None:
    """All of it is returned, each of the provider's lines once, and no sync is due."""
    assert get_withdrawal(made).status == "failed"
    assert get_withdrawal(made).returned == 12_000
    assert (balances(member), counted(member)) == ((100_000, 0), (0, 0))
    assert not is_due(made, hours=1000)
    booked = [entry.transaction for entry in cash(made)]
    assert sorted(map(str, booked)) == sorted(line.id for line in gateway.books)
    assert ties(member, made)
    before = everything(member), cash(made)
    assert sync_now(made) == "failed"
    assert (everything(member), cash(made)) == before


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_parts_booked_in_any_order_are_each_given_back_once(
    late: Late, member: str, made: str, time: Time, order: Sequence[int]
) -> None:
    sync_now(made)
    lines = late.take_back(*PARTS)
    back = 0
    for number in order:
        for _ in range(2):
            assert sync_now(made) == "paid"
            assert (balances(member), counted(member)) == (
                (88_000 + back, 0),
                (12_000 - back, 12_000 - back),
            )
            assert get_withdrawal(made).returned == back
            assert ties(member, made)
            assert is_due(made, hours=1), "nobody else asks for what is not booked"
        late.unbooked.remove(lines[number].id)
        back += PARTS[number]
    time.advance(hours=2)
    assert sweep() == 1
    is_back(late.gateway, member, made)


def test_answers_in_any_order_give_no_part_back_twice(
    gateway: FakeGateway, member: str, made: str
) -> None:
    sync_now(made)
    (payout,) = gateway.payouts
    answers = [gateway.find_payout(payout)]
    answers += [gateway.return_part(payout, part) for part in PARTS]
    for number in (1, 0, 2, 1, 2, 0):
        gateway.payouts[payout] = answers[number]
        assert sync_now(made) == "paid"
        assert ties(member, made)
    assert balances(member) == (93_000, 0)
    gateway.payouts[payout] = answers[3]
    sync_now(made)
    is_back(gateway, member, made)


def test_an_unbooked_transfer_keeps_the_hold_until_it_is_booked(
    late: Late, member: str, made: str, time: Time
) -> None:
    late.gateway.answers_lost = 1
    with pytest.raises(Unavailable):
        sync_now(made)
    (out,) = late.payout.movements
    late.unbooked.add(out.id)
    late.gateway.return_part(late.payout.id, 5_000)
    for _ in range(2):
        assert sync_now(made) == "paying"
        assert (balances(member), cash(made)) == ((88_000, 12_000), [])
        assert is_due(made, hours=1)
    late.unbooked.clear()
    time.advance(hours=2)
    assert sweep() == 1
    assert (balances(member), is_due(made, hours=1000)) == ((93_000, 0), False)
    in_balance(late.gateway, member, made)


def test_a_transfer_reversed_before_its_booking_ends_once_all_is_booked(
    late: Late, member: str, made: str
) -> None:
    late.gateway.answers_lost = 1
    with pytest.raises(Unavailable):
        sync_now(made)
    (out,) = late.payout.movements
    late.take_back(12_000)
    late.unbooked.add(out.id)
    assert sync_now(made) == "paying"
    late.unbooked.remove(out.id)
    assert sync_now(made) == "paid"
    assert is_due(made, hours=1)
    late.unbooked.clear()
    sync_now(made)
    is_back(late.gateway, member, made)


def test_a_failure_with_an_unseen_part_leaves_the_rest_paid_and_due(
    late: Late, member: str, made: str
) -> None:
    sync_now(made)
    late.gateway.return_part(late.payout.id, 5_000)
    late.gateway.payouts[late.payout.id] = replace(late.payout, status="failed", failure="x")
    assert sync_now(made) == "paid"
    assert (balances(member), is_due(made, hours=1)) == ((93_000, 0), True)
    late.gateway.fail_payout(late.payout.id)
    sync_now(made)
    is_back(late.gateway, member, made)


def test_more_parts_than_fit_in_a_transaction_are_given_back_too(
    gateway: FakeGateway, member: str, made: str
) -> None:
    sync_now(made)
    (payout,) = gateway.payouts
    for _ in range(199):
        gateway.return_part(payout, 60)
    assert sync_now(made) == "paid"
    assert (balances(member), is_due(made, hours=1000)) == ((100_000 - 60, 0), False)
    gateway.fail_payout(payout)
    sync_now(made)
    is_back(gateway, member, made)


@pytest.mark.parametrize("step", range(4))
def test_the_sweeper_finishes_after_a_crash_between_many_parts(
    gateway: FakeGateway, member: str, made: str, monkeypatch: Patch, step: int
) -> None:
    monkeypatch.setattr(rules, "PARTS_AT_ONCE", 2)
    gateway.answers_lost = 1
    with pytest.raises(Unavailable):
        sync_now(made)
    (payout,) = gateway.payouts
    for _ in range(4):
        gateway.return_part(payout, 2_500)
    steps, commit = [0], effects.commit

    def crash(writes: Any) -> None:
        if steps[0] == step:
            raise KeyboardInterrupt
        steps[0] += 1
        commit(writes)

    with monkeypatch.context() as patch:
        patch.setattr(effects, "commit", crash)
        with pytest.raises(KeyboardInterrupt):
            sync_now(made)
    assert ties(member, made)
    assert sweep() == 1
    assert (balances(member), is_due(made, hours=1000)) == ((98_000, 0), False)
    in_balance(gateway, member, made)


def test_ten_concurrent_syncs_give_each_part_back_once(
    gateway: FakeGateway, member: str, made: str, monkeypatch: Patch
) -> None:
    monkeypatch.setattr(rules, "PARTS_AT_ONCE", 3)
    sync_now(made)
    (payout,) = gateway.payouts
    for _ in range(11):
        gateway.return_part(payout, 1_000)
    gateway.fail_payout(payout)
    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(sync_now, [made] * 10)) == {"failed"}
    is_back(gateway, member, made)


def test_an_older_answer_does_not_end_the_wait_for_bookings(
    late: Late, member: str, made: str, monkeypatch: Patch
) -> None:
    sync_now(made)
    before = late.payout
    late.take_back(12_000)
    find = late.gateway.find_payout

    def find_payout(payout: str) -> ProviderPayout:
        """The call starts before the return, and its answer comes after another sync."""
        monkeypatch.setattr(late.gateway, "find_payout", find)
        sync_now(made)
        return before

    monkeypatch.setattr(late.gateway, "find_payout", find_payout)
    assert sync_now(made) == "paid"
    assert is_due(made, hours=1)


@pytest.mark.parametrize("known", [1, 2])
def test_returns_booked_under_older_references_are_not_booked_again(
    gateway: FakeGateway, member: str, made: str, known: int
) -> None:
    """They called the first line `…:failed` and each later one by its own name."""
    sync_now(made)
    (payout,) = gateway.payouts
    for number, part in enumerate(PARTS[:known]):
        line = gateway.return_part(payout, part).back[-1]
        seen = get_withdrawal(made)
        (entry,) = rules.returned_by_provider(seen, [line], to_ms(clock.now()))
        if number == 0:
            entry = replace(entry, reference=seen.failed_reference)
        after = rules.after_returns(seen, [entry], None, "system", to_ms(clock.now()))
        writes = WriteSet()
        effects.record_returns(writes, seen, after, [entry], clock.now())
        writes.commit()
    back = sum(PARTS[:known])
    assert sync_now(made) == "paid"
    assert (balances(member), get_withdrawal(made).returned) == ((88_000 + back, 0), back)
    for part in PARTS[known:-1]:
        gateway.return_part(payout, part)
    gateway.fail_payout(payout)
    sync_now(made)
    is_back(gateway, member, made)
