"""The proof: a sound history has no problem, and every change of it is found."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import asdict, replace

from chalicelib.ledger import rules
from chalicelib.ledger.rules import Account, Effect, Entry, Pending
from chalicelib.ledger.rules.accounts import post
from chalicelib.ledger.rules.replay import COMPARED, Problem, check
from tests.ledger.rules.making import account_with, accrue, cause, change, replay

pytestmark = pytest.mark.pure


def story() -> tuple[Account, list[Entry]]:
    """An account with one entry of most types: pending points, an open hold, spent points."""
    account, entries = Account("mbr_1:points"), list[Entry]()

    def add(made: tuple[Account, Entry]) -> Entry:
        nonlocal account
        account = made[0]
        entries.append(made[1])
        return made[1]

    first = add(accrue(account, 50, 100, 1_000))
    add(accrue(account, 20, 200, 2_000, unlocks_at=90, reference="accrual:2"))
    add(accrue(account, 30, 300, 2_000, unlocks_at=5, reference="accrual:3"))
    waiting = Pending(account.id, "accrual:3", 30, 300, 5, "test", None)
    add(rules.unlock(account, waiting, 3_000))
    spent = add(rules.redeem(account, 10, cause("order:1"), 4_000))
    held = rules.hold(account, "shop:1", 15, 60, cause(), 5_000)
    add(held[:2])
    add(rules.capture(account, held[2], 5, cause(), 6_000))
    add(rules.hold(account, "shop:2", 12, 60, cause(), 7_000)[:2])
    add(rules.reverse(account, spent, cause(), 8_000))
    limits = rules.TransferLimits(9, 9, 9)
    add(rules.send(account, 9, limits, 1, cause("transfer:1"), 9_000))
    add(rules.adjust(account, 3, 400, cause("adjustment:1"), 10_000))
    back, made = rules.claw_back(account, first, 40, None, cause("clawback:1"), 11_000)
    add((back, made[0]))
    lapsed = rules.expire(change(account, lots=account.lots), 300_000)
    assert lapsed[1] is not None
    add((lapsed[0], lapsed[1]))
    return account, entries


ACCOUNT, ENTRIES = story()
HASHES = {entry.seq: entry.hash for entry in ENTRIES}
WAITING = ACCOUNT.pending


def codes(
    account: Account = ACCOUNT,
    entries: Sequence[Entry] = ENTRIES,
    hashes: dict[int, bytes] | None = None,
    waiting: int | None = None,
) -> set[tuple[int | None, str]]:
    return {(each.seq, each.code) for each in check(account, entries, hashes, waiting)}


def with_entry(place: int, **change_of: object) -> list[Entry]:
    return [*ENTRIES[:place], replace(ENTRIES[place], **change_of), *ENTRIES[place + 1 :]]


def chained(entries: Sequence[Entry]) -> tuple[Account, list[Entry]]:
    """The entries chained anew, as a forger would, and the account that they make."""
    made: list[Entry] = []
    for entry in entries:
        head = made[-1].hash if made else rules.NO_HASH
        made.append(replace(entry, prev_hash=head))
    return replay(made).account(ACCOUNT.id, ACCOUNT.status), made


def test_a_sound_history_has_no_problem() -> None:
    assert check(ACCOUNT, ENTRIES) == []
    assert check(ACCOUNT, ENTRIES, HASHES, WAITING) == []
    assert check(Account("mbr_1:points"), [], {}, 0) == []
    assert {entry.type for entry in ENTRIES} >= {"hold", "capture", "unlock", "clawback", "expiry"}


def test_entries_replay_to_the_account() -> None:
    made = replay(ENTRIES).account(ACCOUNT.id, "frozen")
    wanted = change(ACCOUNT, status="frozen", sent_on=0, sent=0, sends=0)
    assert made == wanted
    assert {"posted", "held", "pending", "debt", "head_hash"} < set(COMPARED)


def test_debts_and_written_off_points_add_up() -> None:
    account, accrual = accrue(Account("mbr_1:growth"), 9, 100, 1_000)
    entries = [accrual]
    account, spent = rules.adjust(account, -9, 0, cause("adjustment:1"), 1_000)
    entries.append(spent)
    for number, points in enumerate((4, 5)):
        account, made = rules.claw_back(
            account, accrual, points, None, cause(f"clawback:{number}"), 1_000
        )
        entries += made
    assert account.adjusted == 0
    assert check(account, entries) == []
    owing, again = Account("mbr_1:points"), list[Entry]()
    for number in range(2):
        owing, gave = accrue(owing, 5, 100, 1_000, reference=f"accrual:{number}")
        again.append(gave)
    owing, spent = rules.adjust(owing, -10, 0, cause("adjustment:1"), 1_000)
    again.append(spent)
    for gave in again[:2]:
        owing, made = rules.claw_back(owing, gave, 5, None, cause(gave.reference + "x"), 1_000)
        again += made
    assert replay(again).debt == owing.debt == 10
    assert check(owing, again) == []


def test_a_past_moment_replays_the_entries_up_to_it() -> None:
    for entry in ENTRIES:
        state = replay(ENTRIES, entry.recorded_at_ms)
        by_then = [e.balance_after for e in ENTRIES if e.recorded_at_ms <= entry.recorded_at_ms]
        assert state.balance == by_then[-1]
        assert replay(ENTRIES, entry.recorded_at_ms - 1).seq < entry.seq
    assert replay(ENTRIES, 0).seq == 0
    assert replay(ENTRIES, 999).balance == 0
    assert replay(ENTRIES, 1_000).balance == 50


@pytest.mark.parametrize("place", range(len(ENTRIES) - 1))
def test_a_missing_entry_is_a_gap(place: int) -> None:
    found = codes(entries=[*ENTRIES[:place], *ENTRIES[place + 1 :]])
    assert {(place + 2, "gap"), (place + 2, "chain")} <= found


def test_a_missing_last_entry_is_found_by_the_account() -> None:
    found = codes(entries=ENTRIES[:-1])
    assert {(None, "seq"), (None, "head_hash"), (None, "lots"), (None, "expired")} <= found


def test_a_repeated_entry_and_another_order_are_found() -> None:
    assert (3, "gap") in codes(entries=[*ENTRIES[:3], *ENTRIES[2:]])
    swapped = [ENTRIES[0], ENTRIES[2], ENTRIES[1], *ENTRIES[3:]]
    assert {(3, "gap"), (2, "gap"), (4, "gap")} <= codes(entries=swapped)


CHANGED = {
    "account_id": "mbr_2:points", "type": "redemption", "points": 1, "balance_after": 1,
    "effect": Effect({77: 1}, contra="issued"), "reference": "x", "source": "x", "rule": "x",
    "content": b"x", "occurred_at_ms": 1, "recorded_at_ms": 2_999,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CHANGED))
def test_a_changed_entry_breaks_its_hash_and_the_chain(name: str) -> None:
    entries = with_entry(3, **{name: CHANGED[name]})
    assert codes(entries=entries, hashes=HASHES) >= {(4, "hash"), (5, "chain")}
    assert (4, "hash") not in codes(entries=entries)
    assert (4, "hash") in codes(entries=ENTRIES, hashes={k: v for k, v in HASHES.items() if k != 4})


def test_a_problem_names_its_account_and_says_what_is_wrong() -> None:
    entries = with_entry(3, balance_after=7)
    problems = check(ACCOUNT, entries)
    assert Problem(ACCOUNT.id, 4, "balance", "50 +30 is not 7") in problems
    assert Problem(ACCOUNT.id, 4, "balance", "live lots are 80, not 7") in problems
    assert check(ACCOUNT, [*ENTRIES[:1], *ENTRIES[2:]])[:2] == [
        Problem(ACCOUNT.id, 3, "gap", "follows 1"),
        Problem(ACCOUNT.id, 3, "chain", "prev_hash is not the hash of the entry before"),
    ]
    hashes = HASHES | {3: b"x" * 32}
    assert check(ACCOUNT, ENTRIES, hashes) == [
        Problem(ACCOUNT.id, 3, "hash", "the stored hash is not that of its content")
    ]
    assert check(change(ACCOUNT, held=7), ENTRIES) == [
        Problem(ACCOUNT.id, None, "held", "is 7, its entries make 12"),
        Problem(ACCOUNT.id, None, "algebra", "what came in is not what is there"),
    ]
    assert check(change(ACCOUNT, lots={7: 3}), ENTRIES) == [
        Problem(ACCOUNT.id, None, "lots", "are {7: 3}, its entries make {400: 3}")
    ]
    assert check(ACCOUNT, ENTRIES, None, 19) == [
        Problem(ACCOUNT.id, None, "pending", "is 20, its records sum to 19")
    ]


@pytest.mark.parametrize("name", COMPARED)
def test_an_account_that_differs_from_its_entries_is_found(name: str) -> None:
    wrong = b"x" * 32 if name == "head_hash" else getattr(ACCOUNT, name) + 1
    assert (None, name) in codes(change(ACCOUNT, **{name: wrong}))


def test_fields_that_no_entry_changes_are_not_checked() -> None:
    told = change(ACCOUNT, status="frozen", sent_on=5, sent=5, sends=5, reminded_s=5)
    assert check(told, ENTRIES) == []


def test_an_entry_older_than_the_one_before_it_is_found() -> None:
    early = with_entry(3, recorded_at_ms=1_999)
    account, entries = chained(early)
    assert check(account, entries) == [
        Problem(account.id, 4, "time", "recorded before the entry before it")
    ]
    account, entries = chained(with_entry(3, recorded_at_ms=2_000))
    assert check(account, entries) == []


def forged(effect: Effect) -> set[tuple[int | None, str]]:
    return {(seq, code) for seq, code, _ in forged_in_full(effect)}


def following(start: Account, entries: list[Entry], effect: Effect, points: int) -> Entry:
    seen = replace(entries[-1], seq=start.seq + 1, prev_hash=start.head_hash)
    return replace(seen, effect=effect, points=points)


def forged_in_full(effect: Effect) -> set[tuple[int | None, str, str]]:
    """The problems of one more entry with an impossible effect and valid hashes."""
    start, entries = story()
    lots = dict(start.lots)
    at_ms = start.last_at_ms
    moved = Account(start.id, lots=lots | {e: lots.get(e, 0) + p for e, p in effect.lots.items()})
    balance = moved.available(at_ms)
    added = following(start, entries, effect, balance - start.available(at_ms))
    entry = replace(added, type="adjustment", balance_after=balance)
    state = replay([*entries, entry])
    found = check(state.account(start.id, start.status), [*entries, entry])
    return {(each.seq and each.seq - start.seq, each.code, each.detail) for each in found}


def test_an_unbalanced_entry_is_found() -> None:
    assert (1, "postings", "move points from nowhere") in forged_in_full(Effect({400: 5}))
    assert forged(Effect({400: 5}, contra="adjusted")) == set()


def test_a_negative_balance_is_found() -> None:
    for name, effect in {
        "pending": Effect(pending=-21, contra="adjusted"),
        "debt": Effect(debt=-1, contra="adjusted"),
        "held": Effect(held=-13, contra="adjusted"),
    }.items():
        assert (1, name, "is negative") in forged_in_full(effect)
    lots = forged_in_full(Effect({400: -4}, contra="adjusted"))
    assert (1, "lots", "one is negative") in lots
    assert (1, "pending") not in forged(Effect(pending=-20, contra="adjusted"))


def test_a_debt_beside_spendable_points_is_found() -> None:
    found = forged_in_full(Effect(debt=1, contra="adjusted"))
    assert found == {(1, "debt", "stands beside spendable points")}
    assert forged(Effect({400: -3}, debt=1, contra="adjusted")) == set()
    assert forged(Effect({400: -3, 300: 5}, debt=1, contra="adjusted")) == set()


def test_totals_that_do_not_add_up_are_found() -> None:
    start, entries = story()
    off = change(start, adjusted=start.adjusted + 1)
    assert (None, "algebra") in codes(off, entries)


def test_postings_that_do_not_sum_to_0_are_found() -> None:
    class Unbalanced(Entry):
        @property
        def postings(self) -> tuple[rules.Posting, ...]:
            return (rules.Posting("member:mbr_1:points", 1),)

    _, entry = post(Account("mbr_1:points"), "accrual", Effect({9: 1}, contra="issued"), cause(), 0)
    bad = Unbalanced(**asdict(entry))
    found = {(each.seq, each.code, each.detail) for each in check(account_with(), [bad])}
    assert (1, "postings", "do not sum to 0") in found


def test_the_end_of_an_unknown_hold_is_found() -> None:
    account, entries = story()
    end = Effect(held=-12, contra="redeemed")
    for reference, held, wanted in (
        ("hold:shop:2:end", -12, set()),
        ("hold:shop:2:end", -11, {(1, "hold"), (1, "held")}),
        ("hold:shop:1:end", -12, {(1, "hold"), (1, "held")}),
        ("hold:shop:3:end", -12, {(1, "hold"), (1, "held")}),
    ):
        entry = following(account, entries, end._replace(held=held), 0)
        for kind in ("capture", "release"):
            ended = replace(entry, type=kind, reference=reference)
            after = replay([*entries, ended]).account(account.id, "active")
            problems = check(after, [*entries, ended])
            found = {(each.seq and each.seq - account.seq, each.code) for each in problems}
            assert found == wanted, (kind, reference, held)
            told = [each.detail for each in problems if each.code == "hold"]
            assert told == (["ends what is not held"] if wanted else [])
    assert forged(Effect(held=1, contra="adjusted")) == {(1, "held")}


def test_the_held_balance_must_equal_the_open_holds() -> None:
    account, first, _ = rules.hold(account_with({100: 5}), "1", 5, 60, cause(), 0)
    _, last = rules.adjust(account_with({100: 9}), -1, 0, cause("other"), 0)
    stray = replace(last, seq=3, effect=last.effect._replace(held=2))
    details = [each.detail for each in check(account, [first, stray]) if each.code == "held"]
    assert "is 7, the open holds sum to 5" in details
