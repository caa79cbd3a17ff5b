"""Tallies of verifications, transfers against escrows, and jobs."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from chalicelib.ledger import rules
from chalicelib.ledger.rules import Entry, TransferLimits
from chalicelib.ledger.rules.jobs import (
    DONE,
    FAILED,
    PARTS,
    RUNNING,
    SEGMENTS,
    SEGMENTS_A_PART,
    STALLED_AFTER_MS,
    Job,
    Part,
    status_of,
    walked,
)
from chalicelib.ledger.rules.replay import Problem
from chalicelib.ledger.rules.verification import (
    LONGEST_DETAIL,
    MOST_PROBLEMS,
    Tally,
    check_transfers,
)
from tests.ledger.rules.making import account_with, cause

pytestmark = pytest.mark.pure

GAP = Problem("mbr_1:points", 1, "gap", "follows 0")


def gift(at_ms: int, points: int = 3) -> Entry:
    limits = TransferLimits(100, 100, 100)
    account = account_with({10**6: 50})
    return rules.send(account, points, limits, 1, cause("transfer:1"), at_ms)[1]


def test_a_tally_counts_accounts_entries_problems_and_transferred_points() -> None:
    tally = Tally(until_ms=100)
    tally.add("points", [gift(99), gift(100, 4), gift(101, 8)], [GAP])
    tally.add("growth", [], [])
    other = Tally(until_ms=100)
    other.add("points", [gift(1, 16)], [GAP, GAP])
    other.add("rebate_cash", [gift(1, 32)], [])
    tally.merge(other)
    assert tally == Tally(
        100,
        accounts=4,
        entries=5,
        found=3,
        problems=[GAP] * 3,
        in_transfers={"points": -23, "rebate_cash": -32},
    )


def test_transfers_of_several_accounts_of_a_unit_add_up() -> None:
    tally = Tally(until_ms=100)
    limits = rules.TransferLimits(9, 9, 9)
    for _ in range(2):
        out = rules.send(account_with({9: 5}), 4, limits, 1, cause(), 0)[1]
        tally.add("points", [out], [])
    assert tally.in_transfers == {"points": -8}


def test_other_program_movements_are_no_transfers() -> None:
    tally = Tally(until_ms=100)
    tally.add("points", [rules.redeem(account_with({9: 5}), 5, cause(), 0)[1]], [])
    assert tally.in_transfers == {}


def test_a_tally_keeps_the_first_hundred_problems_and_counts_all() -> None:
    tally, other = Tally(0), Tally(0)
    long = GAP._replace(detail="x" * (LONGEST_DETAIL + 1))
    tally.report([long] * (MOST_PROBLEMS - 1))
    tally.report([GAP, GAP])
    assert (tally.found, len(tally.problems)) == (MOST_PROBLEMS + 1, MOST_PROBLEMS)
    assert {len(problem.detail) for problem in tally.problems[:-1]} == {LONGEST_DETAIL}
    assert tally.problems[-1] == GAP
    other.report([GAP] * 5)
    other.merge(tally)
    assert (other.found, len(other.problems)) == (MOST_PROBLEMS + 6, MOST_PROBLEMS)
    assert other.problems[:6] == [*[GAP] * 5, tally.problems[0]]
    tally.merge(other)
    tally.report([GAP])
    assert (tally.found, len(tally.problems)) == (2 * MOST_PROBLEMS + 8, MOST_PROBLEMS)


@pytest.mark.parametrize(
    ("left", "escrow", "detail"),
    [
        ({"points": -5}, {"points": 5}, None),
        ({}, {}, None),
        ({"points": -5}, {}, "5 left, 0 lie in escrow"),
        ({"points": -5}, {"points": 6}, "5 left, 6 lie in escrow"),
        ({}, {"points": 1}, "0 left, 1 lie in escrow"),
    ],
)
def test_points_sent_to_escrow_match_the_escrows(
    left: dict[str, int], escrow: dict[str, int], detail: str | None
) -> None:
    found = list(check_transfers(left, escrow))
    problem = Problem("program:points:transfers", None, "escrow", detail or "")
    assert found == ([problem] if detail else [])


def part(number: int, done: int, saved_at_ms: int = 0) -> Part:
    return Part("job_1", number, 1, done, None, Tally(0), saved_at_ms)


def test_the_parts_of_a_job_read_every_segment_once() -> None:
    walks = [
        part(number, done).segment for number in range(PARTS) for done in range(SEGMENTS_A_PART)
    ]
    assert sorted(walks) == list(range(SEGMENTS))
    assert not part(0, SEGMENTS_A_PART - 1).is_done
    assert part(0, SEGMENTS_A_PART).is_done
    assert walked([part(0, 3), part(1, 4)]) == 7


def test_a_job_runs_until_its_result_and_fails_without_progress() -> None:
    job = Job("job_1", "verify", 1_000)
    parts = [part(0, 1, 5_000), part(1, 1, 4_000)]
    assert status_of(job, parts, 5_000 + STALLED_AFTER_MS) == RUNNING
    assert status_of(job, parts, 5_001 + STALLED_AFTER_MS) == FAILED
    assert status_of(job, [], 1_000 + STALLED_AFTER_MS) == RUNNING
    assert status_of(job, [], 1_001 + STALLED_AFTER_MS) == FAILED
    assert status_of(replace(job, result=Tally(0)), parts, 10**12) == DONE
