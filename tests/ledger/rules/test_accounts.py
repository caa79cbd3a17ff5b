"""Accounts and entries: the effect of posting one, its legs, its hash."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from chalicelib.ledger import rules
from chalicelib.ledger.rules import Account, Cause, Effect, Entry, Posting, accounts
from chalicelib.ledger.rules.accounts import chain_hash, post, recording_time
from tests.ledger.rules.making import LOTS, account_with, cause, property_of

pytestmark = pytest.mark.pure

WHOLE = Entry(
    account_id="mbr_1:points",
    seq=3,
    type="capture",
    points=4,
    balance_after=9,
    effect=Effect({30: 4, 20: 1}, held=-9, debt=-1, contra="redeemed"),
    reference="hold:1:end",
    source="积分",
    rule="r",
    content=b"\x01\xff",
    occurred_at_ms=5,
    recorded_at_ms=6,
    prev_hash=b"p" * 32,
    note=b"sealed",
)
CONTRAS = {
    "issued": ("accrued", 1),
    "redeemed": ("redeemed", -1),
    "expired": ("expired", -1),
    "transfers": ("transferred", 1),
    "adjusted": ("adjusted", 1),
    "written_off": ("adjusted", 1),
}
TOTALS = ("accrued", "redeemed", "expired", "transferred", "adjusted")


def test_a_new_account_is_empty_and_active() -> None:
    account = Account("mbr_1:rebate_cash")
    assert (account.member_id, account.unit) == ("mbr_1", "rebate_cash")
    numbers = asdict(account)
    assert numbers == {
        "id": "mbr_1:rebate_cash",
        "lots": {},
        "head_hash": bytes(32),
        "status": "active",
        "merged_into": None,
        "posted": 0,
        "held": 0,
        "pending": 0,
        "debt": 0,
        "seq": 0,
        "last_at_ms": 0,
        "accrued": 0,
        "redeemed": 0,
        "expired": 0,
        "transferred": 0,
        "adjusted": 0,
        "sent_on": 0,
        "sent": 0,
        "sends": 0,
        "reminded_s": 0,
        "passed": 0,
        "joined": 0,
    }


def test_available_points_are_those_of_live_lots() -> None:
    account = account_with({100: 5, 200: 7})
    assert account.available(99_999) == 12
    assert account.available(100_000) == 7
    assert account.available(200_000) == 0
    assert account.posted == 12


def test_an_effect_counts_the_points_that_enter_the_account() -> None:
    assert Effect({1: 5, 2: -2}, held=10, pending=100, debt=1_000).from_outside == -887
    assert Effect() == ({}, 0, 0, 0, None)


def test_a_cause_may_lack_rule_content_and_note() -> None:
    assert Cause("r", "s", 1) == ("r", "s", 1, None, None, None)


def test_the_legs_of_an_entry_name_each_balance_that_moves() -> None:
    assert WHOLE.postings == (
        Posting("program:points:redeemed", 3),
        Posting("member:mbr_1:points", 5),
        Posting("member:mbr_1:points:held", -9),
        Posting("member:mbr_1:points:debt", 1),
    )
    waiting = replace(WHOLE, effect=Effect({9: 2}, pending=-2))
    assert waiting.postings == (
        Posting("member:mbr_1:points", 2),
        Posting("member:mbr_1:points:pending", -2),
    )


@property_of
@given(
    LOTS,
    st.integers(-99, 99),
    st.integers(-99, 99),
    st.integers(-99, 99),
    st.sampled_from(sorted(CONTRAS)),
)
def test_an_entry_is_balanced_and_changes_each_balance_by_its_effect(
    lots: dict[int, int], held: int, pending: int, debt: int, contra: str
) -> None:
    start = account_with({70: 60}, held=1, pending=2, debt=3, redeemed=4)
    effect = Effect(lots, held, pending, debt, contra)
    after, entry = post(start, "capture", effect, cause("r:1", "rule"), 5_000)
    assert sum(leg.points for leg in entry.postings) == 0
    assert all(leg.points for leg in entry.postings)
    assert after.posted == sum(after.lots.values()) == 60 + sum(lots.values())
    moved = (after.held - 1, after.pending - 2, after.debt - 3)
    assert moved == (held, pending, debt)
    total, sign = CONTRAS[contra]
    for name in TOTALS:
        by = sign * effect.from_outside if name == total else 0
        assert getattr(after, name) == getattr(start, name) + by, name


def test_entries_follow_each_other_and_the_account_follows_the_last_one() -> None:
    start = account_with({70: 6})
    after, entry = post(start, "expiry", Effect({70: -6}, contra="expired"), cause("r:1"), 5_000)
    assert entry == Entry(
        account_id="mbr_1:points",
        seq=2,
        type="expiry",
        points=-6,
        balance_after=0,
        effect=Effect({70: -6}, contra="expired"),
        reference="r:1",
        source="test",
        rule=None,
        content=b"content",
        occurred_at_ms=7,
        recorded_at_ms=5_000,
        prev_hash=start.head_hash,
        note=b"note",
    )
    assert (after.seq, after.head_hash, after.last_at_ms) == (2, entry.hash, 5_000)
    assert entry.lots == {70: -6}


def test_points_of_an_entry_are_the_change_of_the_available_balance() -> None:
    start = account_with({10: 5, 20: 7}, at_ms=1_000)
    after, entry = post(start, "adjustment", Effect({30: 1}, contra="adjusted"), cause(), 10_000)
    assert (entry.points, entry.balance_after) == (-4, 8)
    assert after.available(10_000) == 8


def test_an_unbalanced_effect_makes_no_entry() -> None:
    start = account_with({70: 6})
    with pytest.raises(
        AssertionError, match=r"^what comes from nowhere has an account of the program"
    ):
        post(start, "hold", Effect({70: -6}, held=5), cause(), 0)
    after, entry = post(start, "hold", Effect({70: -6}, held=6), cause(), 0)
    assert [getattr(after, name) for name in TOTALS] == [6, 0, 0, 0, 0]
    assert entry.effect.contra is None


def test_an_entry_is_not_older_than_the_one_before_it() -> None:
    account = account_with({70: 6}, at_ms=5_000)
    assert recording_time(account, 4_999) == 5_000
    assert recording_time(account, 5_001) == 5_001
    _, entry = rules.redeem(account, 1, cause(), 4_000)
    assert entry.recorded_at_ms == 5_000


def test_the_hash_covers_the_previous_hash_and_compact_json() -> None:
    content = [
        "mbr_1:points",
        3,
        "capture",
        "hold:1:end",
        4,
        9,
        [[20, 1], [30, 4]],
        [[leg.account, leg.points] for leg in WHOLE.postings],
        "积分",
        "r",
        "01ff",
        5,
        6,
    ]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    assert " " not in text
    assert "积分" in text
    assert WHOLE.hash == hashlib.sha256(b"p" * 32 + text.encode("utf-8")).digest()
    bare = replace(WHOLE, rule=None, content=None)
    text = json.dumps([*content[:9], None, None, 5, 6], ensure_ascii=False, separators=(",", ":"))
    assert chain_hash(bare) == hashlib.sha256(b"p" * 32 + text.encode("utf-8")).digest()


def test_the_hash_covers_every_field_but_the_note() -> None:
    changed = {
        "account_id": "x:points",
        "seq": 9,
        "type": "x",
        "points": 1,
        "balance_after": 8,
        "effect": Effect({1: 1}),
        "reference": "x",
        "source": "x",
        "rule": "x",
        "content": b"x",
        "occurred_at_ms": 1,
        "recorded_at_ms": 1,
        "prev_hash": b"x" * 32,
    }
    assert set(changed) == set(Entry.__struct_fields__) - {"note"}
    for name, value in changed.items():
        assert replace(WHOLE, **{name: value}).hash != WHOLE.hash, name
    assert replace(WHOLE, note=None).hash == WHOLE.hash


@pytest.mark.parametrize(
    "change", [{"lots": {30: 4}}, {"held": -8}, {"pending": 1}, {"debt": 0}, {"contra": "issued"}]
)
def test_the_hash_covers_each_part_of_an_effect(change: dict[str, object]) -> None:
    effect = WHOLE.effect._replace(**change)
    assert replace(WHOLE, effect=effect).hash != WHOLE.hash


def test_stored_and_hashed_names_never_change() -> None:
    names = ("ACCRUAL", "UNLOCK", "REDEMPTION", "REVERSAL", "HOLD", "CAPTURE", "RELEASE", "EXPIRY")
    names += ("TRANSFER_OUT", "TRANSFER_IN", "ADJUSTMENT", "CLAWBACK", "ACTIVE", "FROZEN")
    names += ("MERGE_OUT", "MERGE_IN")
    names += ("ISSUED", "REDEEMED", "EXPIRED", "TRANSFERS", "ADJUSTED", "WRITTEN_OFF")
    odd = {"EXPIRED": "expired", "REDEEMED": "redeemed"}
    assert {n: getattr(accounts, n) for n in names} == {n: odd.get(n, n.lower()) for n in names}
    assert accounts.NO_HASH == b"\0" * 32
    assert accounts.MAX_POINTS == 1_000_000_000_000
    assert accounts.LIFETIME == CONTRAS
