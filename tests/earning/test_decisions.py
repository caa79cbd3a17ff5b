"""Several decisions on one event, its items, and the clawbacks of each entry."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.earning import rules
from chalicelib.earning.rules import PURCHASES, Decision, Payment, SoldItem, Terms
from chalicelib.earning.rules.decisions import MOST_CREDITS
from chalicelib.earning.rules.items import packed, unpacked
from chalicelib.earning.tables import EventItem, decided
from chalicelib.ledger import Account, Cause, Credit, Entry
from chalicelib.ledger import rules as ledger_rules
from tests.earning.several import BONUS, GROWTH, SEVERAL, UNREACHED

CNY = ("CNY", "CNY")
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=64)
ITEMS = st.lists(
    st.builds(
        SoldItem,
        TEXTS,
        st.integers(0, 10**12),
        st.integers(1, 10**6),
        st.none() | TEXTS,
        st.none() | TEXTS,
    ),
    max_size=200,
).map(tuple)


def accrual(decision: Decision, note: bytes = b"") -> Entry:
    cause = Cause("r", "s", 0, decision.rule_id, rules.content_of(note), note)
    account = Account(f"mbr_1:{decision.unit}")
    return ledger_rules.accrue(account, Credit(decision.points, 10**10, cause), 0)[1]


def test_each_rule_decides_for_itself() -> None:
    made = rules.decide_all(SEVERAL, 19_950, *CNY)
    assert [(each.rule_id, each.unit, each.points, each.reason) for each in made] == [
        ("purchases", "points", 199, "matched"),
        ("bonus", "points", 57, "matched"),
        ("growth", "growth", 39, "matched"),
        ("unreached", "points", 0, "below_one_point"),
    ]
    external = rules.decide_all(SEVERAL, 19_950, "USD", "CNY")
    assert {(each.points, each.reason) for each in external} == {(0, rules.OTHER_CURRENCY)}


def test_a_decision_keeps_its_rules_terms_except_those_of_purchases() -> None:
    made = rules.decide_all(SEVERAL, 19_950, *CNY)
    assert [each.terms for each in made] == [
        None,
        Terms(7, "end_of_month", 12),
        Terms(0, "end_of_year", 1),
        Terms(0, "end_of_month", 12),
    ]


def test_purchases_alone_make_the_decision_of_the_first_release() -> None:
    (made,) = rules.decide_all([PURCHASES], 19_950, *CNY)
    assert made == rules.decide(19_950, *CNY) == Decision("purchases", 199, "matched")
    assert rules.is_by_purchases([made])
    assert not rules.is_by_purchases(rules.decide_all([BONUS], 19_950, *CNY))
    assert not rules.is_by_purchases([Decision("purchases", 1, "matched", "growth")])


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [BONUS, BONUS],
        [replace(BONUS, id=f"rule-{number}") for number in range(MOST_CREDITS + 1)],
    ],
)
def test_an_empty_a_repeated_and_a_too_long_list_of_rules_are_mistakes(wrong: object) -> None:
    with pytest.raises(AssertionError):
        rules.decide_all(wrong, 100_000, *CNY)  # type: ignore[arg-type]


def test_decisions_are_stored_as_in_the_first_release_if_purchases_alone_decided() -> None:
    single = rules.decide_all([PURCHASES], 19_950, *CNY)
    assert decided(single) == {
        "rule": "purchases",
        "points": 199,
        "reason": "matched",
        "several": None,
    }
    assert EventItem(**decided(single)).decisions == single


@pytest.mark.parametrize("in_force", [SEVERAL, [BONUS], [GROWTH, UNREACHED]])
def test_several_decisions_are_read_as_they_were_stored(in_force: object) -> None:
    made = rules.decide_all(in_force, 19_950, *CNY)  # type: ignore[arg-type]
    text = EventItem.several.serialize(made)
    assert EventItem.several.deserialize(text) == made
    first = decided(made)
    assert (first["rule"], first["points"]) == (made[0].rule_id, made[0].points)


def test_decisions_of_another_release_are_read() -> None:
    def read(text: str) -> list[Decision]:
        return EventItem.several.deserialize(text)

    assert read('[["x",5,"matched"]]') == [Decision("x", 5, "matched")]
    newer = '[["x",5,"matched","points",[7,"months",3,"more"],0,null,null,null,"more"]]'
    assert read(newer) == [Decision("x", 5, "matched", "points", Terms(7, "months", 3))]


@given(ITEMS)
def test_items_are_read_as_they_were_stored(items: tuple[SoldItem, ...]) -> None:
    assert unpacked(packed(items)) == items
    assert len(packed(items)) <= len(msgspec.json.encode(items))


def test_a_few_items_are_plain_json_and_many_are_compressed() -> None:
    item = SoldItem("TEE-1", 19_900, 1, "apparel", "acme")
    assert packed([item]) == b'[["TEE-1",19900,1,"apparel","acme"]]'
    many = [SoldItem(f"TEE-{n}", 100 * n, 1, "apparel", "acme") for n in range(200)]
    assert len(packed(many)) < len(msgspec.json.encode(many)) / 4


def test_items_of_another_release_are_read() -> None:
    assert unpacked(b'[["A",1,2],["B",3,4,null,"acme",null,"more"]]') == (
        SoldItem("A", 1, 2),
        SoldItem("B", 3, 4, None, "acme"),
    )


def test_a_payment_with_points_only_is_stored_as_in_the_first_release() -> None:
    assert Payment(19_900, "CNY").encode() == b'{"amount":19900,"currency":"CNY"}'
    several = Payment(19_900, "CNY", ["growth", "points"])
    assert Payment.decode(several.encode()) == several


def test_an_entry_with_a_changed_note_is_no_receipt() -> None:
    note = Payment(100, "CNY").encode()
    good = accrual(Decision("x", 1, "matched"), note)
    assert rules.payment_of(good) == Payment(100, "CNY")
    assert rules.payment_of(replace(good, note=Payment(1, "CNY").encode())) is None
    assert rules.payment_of(replace(good, note=None)) is None


def test_decisions_are_read_in_the_order_of_the_entries() -> None:
    mine = [
        Decision("a", 5, "matched"),
        Decision("b", 0, "below_one_point"),
        Decision("c", 7, "matched"),
    ]
    made = [accrual(Decision("a", 4, "matched")), accrual(Decision("d", 9, "matched", "growth"))]
    assert rules.decisions_in(mine, made) == [
        Decision("a", 4, "matched"),
        Decision("b", 0, "below_one_point"),
        Decision("d", 9, "matched", "growth"),
    ]


@given(
    st.lists(st.integers(1, 10**10), min_size=1, max_size=6),
    st.integers(1, 10**12),
    st.lists(st.integers(1, 10**12), min_size=1, max_size=8),
)
def test_refunds_in_parts_take_exactly_what_each_entry_gave(
    granted: list[int], paid: int, cuts: list[int]
) -> None:
    ends = [*sorted({cut % paid for cut in cuts} - {0}), paid]
    taken = [0] * len(granted)
    for before, end in zip([0, *ends], ends, strict=False):
        for number, each in enumerate(granted):
            taken[number] += rules.taken_back(each, paid, before, end - before)
        assert all(
            0 <= each * paid <= gave * end for each, gave in zip(taken, granted, strict=True)
        )
    assert taken == granted
