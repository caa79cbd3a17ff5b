"""Units of each use case of the ledger: accounts with 36 lots, ids and texts at their longest."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.ledger import Cause, Credit
from infra.bench.floors import NOTHING, Floor, alone, together
from infra.bench.in_process import InProcess, token
from infra.bench.people import LARGEST, LOTS, People
from infra.bench.use_cases import UseCase, added
from infra.bench.write_units import Spent

# As many characters as a message may have, each of the most bytes.
MESSAGE = "\U0001f381" * 100
# Three of them stay within a day's limit.
ONE = 33_333
ESCROW_DAYS = 8
# In each of 36 lots: as much as one transfer, or one hold, may move altogether.
EACH_GIVEN = 50_000 // LOTS
EACH_HELD = LARGEST // LOTS

_MOVES = together(entries=1, moving=1, accounts=1)
_STAYS = together(entries=1, accounts=1)


def measure(here: InProcess, partner: str) -> list[UseCase]:
    """Every use case of the ledger once."""
    people = People(partner)
    return [
        *_transfers(here, people),
        *_holds(here, people),
        *_time(here, people),
        *_corrections(here, people),
        *_reads(here, people),
    ]


def _transfers(here: InProcess, people: People) -> list[UseCase]:
    giver, taker = people.rich(), people.rich()
    given = _post(
        here,
        giver,
        "/v1/me/points/transfers",
        {"to": {"member_id": taker}, "points": ONE, "message": MESSAGE},
    )
    escrows = []
    for _ in range(2):
        phone = people.phone()
        body = {"to": {"phone": phone}, "points": ONE, "message": MESSAGE}
        waits = _post(here, giver, "/v1/me/points/transfers", body)
        escrows += people.escrows(phone)
    late = clock.now() + timedelta(days=ESCROW_DAYS)
    claimed = here.spent(
        lambda: ledger.claim_gift(escrows[0], ledger.points_account(taker), clock.now())
    )
    returned = here.spent(lambda: ledger.return_gift(escrows[1], late))
    least = _MOVES + _extra("the escrow")
    return [
        UseCase(
            "Transfer to a member, with the longest message",
            given,
            12,
            floor=together(entries=2, moving=2, accounts=2),
        ),
        UseCase("Gift into escrow", waits, floor=least),
        UseCase("A gift claimed", claimed[1], floor=least),
        UseCase("A gift returned after its week", returned[1], floor=least),
        _of_many_lots(here, people),
    ]


def _of_many_lots(here: InProcess, people: People) -> UseCase:
    """Both entries name each lot that they move: the second KB is the price of many lots."""
    giver, taker = people.rich(EACH_GIVEN), people.member()
    body = {"to": {"member_id": taker}, "points": EACH_GIVEN * LOTS, "message": MESSAGE}
    spent = _post(here, giver, "/v1/me/points/transfers", body)
    least = together(entries=2, moving=2, accounts=2)
    return UseCase(
        "Transfer of all of 36 lots, with the longest message", spent, floor=_second_kb(least, 2, 2)
    )


def _holds(here: InProcess, people: People) -> list[UseCase]:
    member = people.rich()
    path, held = _hold(here, people, member)
    _, captured = here.signed(people.partner, "POST", f"{path}/capture", {"points": ONE - 1})
    path, _ = _hold(here, people, member)
    _, released = here.signed(people.partner, "POST", f"{path}/release")
    hold = UseCase("Hold at a shop's checkout", held, floor=_STAYS + _extra("the hold"))
    capture = UseCase("Capture of a part of it", captured, floor=_MOVES)
    return [
        hold,
        capture,
        added("Hold and capture", [hold, capture], 14),
        UseCase("Release", released, 7, floor=_STAYS),
        *_holds_of_many_lots(here, people),
    ]


def _holds_of_many_lots(here: InProcess, people: People) -> list[UseCase]:
    member = people.rich(EACH_HELD)
    path, held = _hold(here, people, member, EACH_HELD * LOTS)
    _, captured = here.signed(people.partner, "POST", f"{path}/capture", {"points": 1})
    least = _second_kb(_STAYS + _extra("the hold"), 1)
    return [
        UseCase("Hold of all of 36 lots", held, floor=least),
        UseCase("Capture of 1 point of it", captured, floor=_second_kb(_MOVES, 1, 1)),
    ]


def _hold(here: InProcess, people: People, member: str, points: int = ONE) -> tuple[str, Spent]:
    """(its path, its units) of a hold with the longest id."""
    hold_id = secrets.token_hex(32)
    body = {
        "id": hold_id,
        "member": {"member_id": member},
        "points": points,
        "expires_in_seconds": 600,
    }
    _, spent = here.signed(people.partner, "POST", "/v1/partner/holds", body)
    return f"/v1/partner/holds/{hold_id}", spent


def _time(here: InProcess, people: People) -> list[UseCase]:
    """The act of a sweep on one due item, which the index names."""
    member = people.rich(LARGEST)
    account_id = ledger.points_account(member)
    path, _ = _hold(here, people, member)
    hold_id = f"{people.partner}:{path.rpartition('/')[2]}"
    timed_out = here.spent(lambda: ledger.time_out_hold(hold_id, _in(minutes=11)))
    cause = people.accrual_cause()
    unlocks_at = int(_in(minutes=20).timestamp())
    waiting = Credit(LARGEST, people.lots()[0], cause, unlocks_at)
    pending = here.spent(lambda: people.accrue(member, [waiting]))
    unlocked = here.spent(lambda: ledger.unlock(account_id, cause.reference, _in(minutes=21)))
    lapsing = int(_in(minutes=30).timestamp())
    other = people.rich(LARGEST, lots=people.lots()[1:])
    people.accrue(other, [Credit(LARGEST, lapsing, Cause("soonest", "soonest", 0))])
    lapsed = here.spent(
        lambda: ledger.expire(ledger.points_account(other), clock.from_ms(lapsing * 1000))
    )
    return [
        UseCase(
            "A hold timed out by the sweep, taken out of the index",
            timed_out[1],
            floor=_STAYS + alone("the hold"),
        ),
        UseCase("Accrual of pending points", pending[1], floor=_MOVES + _extra("what waits")),
        UseCase(
            "Pending points unlocked by the sweep", unlocked[1], floor=_STAYS + _extra("what waits")
        ),
        UseCase("Expiry of one account", lapsed[1], 8, floor=_MOVES),
    ]


def _corrections(here: InProcess, people: People) -> list[UseCase]:
    member, order_id = people.rich(), secrets.token_hex(32)
    people.tell(here, member, order_id, "order.paid", 10**9)
    refunded = people.tell(here, member, order_id, "order.refunded", 10**9 // 3)
    path, reason = f"/v1/admin/members/{member}", {"reason": "误" * 100}
    ops = token(ids.new_id("mbr"), "ops")
    _, adjusted = here.call(
        "POST", f"{path}/points/adjustments", {"points": -10_000, **reason}, ops
    )
    _, frozen = here.call("POST", f"{path}/freeze", reason, ops)
    act = _extra("the audit's record", indexed=3)
    least = _MOVES + _extra("the refund's record", "what is left of its order")
    return [
        UseCase("Clawback by a refund, its record included", refunded, floor=least),
        UseCase(
            "Adjustment by hand, audited", adjusted, floor=_MOVES + _extra("the adjustment") + act
        ),
        UseCase(
            "Freezing a member's three accounts, audited",
            frozen,
            floor=together(*(["since when"] * 3), accounts=3) + act,
        ),
    ]


def _reads(here: InProcess, people: People) -> list[UseCase]:
    member = people.rich()
    for _ in range(2):
        people.give(member, LARGEST // 100)
    month = f"{clock.program_day(clock.now()):%Y-%m}"
    moment = clock.rfc3339(clock.now() - timedelta(days=1))
    reads: list[tuple[str, str, dict[str, Any]]] = [
        ("Balance", "", {"most_reads": 1, "most_requests": 1}),
        ("A page of history, 20 entries", "/entries", {"most_requests": 1}),
        ("Balance as of yesterday, 108 entries since", f"?at={moment}", {}),
        ("Statement of a month of 108 entries", f"/statements/{month}", {}),
    ]
    return [
        UseCase(
            name,
            here.call("GET", f"/v1/me/points{path}", None, token(member))[1],
            floor=NOTHING,
            **most,
        )
        for name, path, most in reads
    ]


def _post(here: InProcess, member: str, path: str, body: Any) -> Spent:
    spent: Spent = here.call("POST", path, body, token(member))[1]
    return spent


def _extra(*items: str, indexed: int = 0) -> Floor:
    return together(*items, indexed=indexed)


def _second_kb(least: Floor, entries: int, moving: int = 0) -> Floor:
    """The same, with entries that take a second KB: an item, its history and its day each."""
    return least + Floor((("second KBs of these and their indexes", 3 * entries + moving),))


def _in(**duration: float) -> datetime:
    return clock.now() + timedelta(**duration)
