"""The states of a return, as data: every state and act, and what each change gives back."""

from __future__ import annotations

from itertools import product
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.kernel.errors import Invalid, NotAllowedInThisState
from chalicelib.orders.rules import OrderAct, Parcel, Step
from chalicelib.orders.rules import returns as rules
from chalicelib.orders.rules.returns import (
    APPROVED,
    CLOSED,
    EXCHANGE,
    KINDS,
    NEXT,
    OVERDUE,
    RECEIVED,
    REFUND_ONLY,
    REJECTED,
    REQUESTED,
    RETURN,
    SENT,
    STATUSES,
    WITHDRAWN,
    Days,
    Return,
    ReturnLine,
)

pytestmark = pytest.mark.pure

DAYS = Days(3, 7, 10, 5)
DAY_MS = 24 * 3600 * 1000
ACTS = ("approve", "reject", "withdraw", "send", "receive", "ship", "close")
# Written out once more, by hand: (kind, state) -> what each act makes of it; other pairs refuse.
ALLOWED: dict[tuple[str, str], dict[str, str]] = {
    (RETURN, REQUESTED): {"approve": APPROVED, "reject": REJECTED, "withdraw": WITHDRAWN},
    (RETURN, APPROVED): {"withdraw": WITHDRAWN, "send": SENT, "receive": RECEIVED},
    (RETURN, SENT): {"send": SENT, "receive": RECEIVED, "reject": REJECTED, "close": CLOSED},
    (RETURN, RECEIVED): {"receive": RECEIVED, "close": CLOSED},
    (EXCHANGE, REQUESTED): {"approve": APPROVED, "reject": REJECTED, "withdraw": WITHDRAWN},
    (EXCHANGE, APPROVED): {"withdraw": WITHDRAWN, "send": SENT, "receive": RECEIVED},
    (EXCHANGE, SENT): {"send": SENT, "receive": RECEIVED, "reject": REJECTED, "close": CLOSED},
    (EXCHANGE, RECEIVED): {"receive": RECEIVED, "ship": CLOSED, "close": CLOSED},
    (REFUND_ONLY, REQUESTED): {"approve": CLOSED, "reject": REJECTED, "withdraw": WITHDRAWN},
}
# A refund without a return has no state in which goods are under way.
NEVER = {(REFUND_ONLY, state) for state in (APPROVED, SENT, RECEIVED)}
CASES = sorted(set(product(KINDS, STATUSES)) - NEVER)


def made(kind: str = RETURN, status: str = REQUESTED, **other: Any) -> Return:
    lines = (ReturnLine("CUP", "prd_1", "杯", "Cup", 3), ReturnLine("PEN", "prd_2", "笔", "Pen", 2))
    values: dict[str, Any] = {
        "id": "ret_1",
        "order_id": "ord_1",
        "member_id": "mbr_1",
        "lines": lines,
        "reason": "漏水",
        "created_at_ms": 1_000,
        "content": b"c",
        "steps": (Step(status, 1_000, "member"),),
        "due_at_ms": 2_000 if status in OVERDUE else None,
        "version": 1,
    }
    return Return(kind=kind, status=status, **(values | other))


def act(name: str, at_ms: int = 5_000) -> OrderAct:
    return OrderAct(name, "staff", "mbr_ops", at_ms, "note", b"key", b"content")


@pytest.mark.parametrize(("kind", "status"), CASES)
@pytest.mark.parametrize("name", ACTS)
def test_every_state_takes_an_act_or_refuses_it(kind: str, status: str, name: str) -> None:
    before = made(kind, status)
    wanted = ALLOWED.get((kind, status), {}).get(name)
    if wanted is None:
        with pytest.raises(NotAllowedInThisState) as refused:
            rules.advance(before, act(name), DAYS)
        assert refused.value.facts == {"status": status}
        return
    after = rules.advance(before, act(name), DAYS)
    assert (after.status, after.version) == (wanted, 2)
    assert after.steps[-1] == Step(wanted, 5_000, "staff", "note", "mbr_ops", b"key", b"content")
    stays = wanted == status
    days = getattr(DAYS, wanted, None)
    ends = None if days is None else 5_000 + days * DAY_MS
    assert after.due_at_ms == (before.due_at_ms if stays else ends)


def test_the_table_has_no_other_rows() -> None:
    rows = {
        (name, kind, before): after
        for (name, of_kind, before), after in NEXT.items()
        for kind in ([of_kind] if of_kind else KINDS)
        if (kind, before) not in NEVER
    }
    assert rows == {
        (name, kind, before): after
        for (kind, before), acts in ALLOWED.items()
        for name, after in acts.items()
    }
    assert {name for name, _, _ in NEXT} == set(ACTS)


def test_each_state_that_is_not_final_has_a_time_and_an_act_at_its_end() -> None:
    final = {each for each in STATUSES if not any(before == each for _, _, before in NEXT)}
    assert set(OVERDUE) == set(STATUSES) - final == set(Days.__struct_fields__)
    for kind, (status, name) in product(KINDS, OVERDUE.items()):
        if (kind, status) not in NEVER:
            assert name in ALLOWED[kind, status], (kind, status)


def test_units_that_came_are_counted_and_no_more_than_those_that_miss() -> None:
    seen = made(status=SENT)
    some = rules.receive(seen, {"CUP": 2}, restock=True)
    assert [(line.received, line.restocked) for line in some.lines] == [(2, 2), (0, 0)]
    rest = rules.receive(some, {}, restock=False)
    assert [(line.received, line.restocked) for line in rest.lines] == [(3, 2), (2, 0)]
    assert rest.is_complete
    for wrong in ({"CUP": 2}, {"NONE": 1}):
        with pytest.raises(Invalid) as refused:
            rules.receive(some, wrong, restock=True)
        (field,) = refused.value.fields
        assert (field.field, field.code) == ("lines", "more_than_returned")


@pytest.mark.parametrize(
    ("kind", "status", "came", "replaced", "owed"),
    [
        (RETURN, SENT, 0, False, 0),
        (RETURN, RECEIVED, 2, False, 2),
        (RETURN, CLOSED, 2, False, 2),
        (RETURN, CLOSED, 0, False, 5),
        (RETURN, REJECTED, 0, False, 0),
        (RETURN, WITHDRAWN, 0, False, 0),
        (EXCHANGE, RECEIVED, 2, False, 0),
        (EXCHANGE, CLOSED, 2, True, 0),
        (EXCHANGE, CLOSED, 2, False, 2),
        (EXCHANGE, CLOSED, 0, False, 5),
        (REFUND_ONLY, REQUESTED, 0, False, 0),
        (REFUND_ONLY, CLOSED, 0, False, 5),
    ],
)
def test_a_return_owes_what_came_or_all_if_nobody_recorded_its_parcel(
    kind: str, status: str, came: int, replaced: bool, owed: int
) -> None:
    seen = rules.receive(made(kind, SENT), {"CUP": came}, restock=True) if came else made(kind)
    parcel = Parcel("SF", "SF1", seen.received) if replaced else None
    after = replace(seen, status=status, replacement=parcel)
    assert sum(rules.owed(after).values()) == owed


MOVES = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.integers(0, 2), st.booleans()),
    max_size=8,
)


@given(st.sampled_from(sorted(KINDS)), MOVES)
def test_whatever_happens_units_are_refunded_replaced_or_stay(
    kind: str, moves: list[tuple[str, int, int, bool]]
) -> None:
    seen = made(kind)
    total = seen.quantities
    on_sale: dict[str, int] = {}
    refunded: dict[str, int] = {}
    for name, cups, pens, restock in moves:
        after = _moved(seen, name, {"CUP": cups, "PEN": pens}, restock=restock)
        if after is None:
            continue
        for sku, units in rules.stock_change(seen, after).items():
            on_sale[sku] = on_sale.get(sku, 0) + units
        for sku in total:
            more = rules.owed(after).get(sku, 0) - rules.owed(seen).get(sku, 0)
            assert more >= 0, "no refund is taken back"
            refunded[sku] = refunded.get(sku, 0) + more
        seen = after
    for sku, quantity in total.items():
        line = next(each for each in seen.lines if each.sku == sku)
        assert refunded.get(sku, 0) + rules.kept(seen).get(sku, 0) <= quantity
        shipped = seen.replacement.quantities.get(sku, 0) if seen.replacement else 0
        assert shipped + refunded.get(sku, 0) <= quantity, "never both"
        is_open = seen.status in OVERDUE
        if not is_open:
            assert rules.kept(seen) == {}
            assert on_sale.get(sku, 0) == line.restocked - shipped, "nothing stays reserved"


def _moved(seen: Return, name: str, came: dict[str, int], *, restock: bool) -> Return | None:
    """The return after a move, None if it is refused."""
    wanted = {sku: units for sku, units in came.items() if units}
    try:
        after = rules.advance(seen, act(name), DAYS)
        if name == "receive":
            after = rules.receive(after, wanted, restock=restock)
    except (NotAllowedInThisState, Invalid):
        return None
    if name == "ship":
        after = replace(after, replacement=Parcel("SF", "SF1", seen.received))
    if after.kind == RETURN and after.status == RECEIVED and after.is_complete:
        after = rules.advance(after, act("close"), DAYS)
    return after


def test_a_stored_return_of_this_release_is_read_without_what_comes_later() -> None:
    line = msgspec.json.encode(ReturnLine("CUP", "prd_1", "杯", "Cup", 3))
    assert msgspec.json.decode(line, type=ReturnLine).received == 0
    assert msgspec.json.decode(b'["CUP","prd_1","a","b",3]', type=ReturnLine).quantity == 3
