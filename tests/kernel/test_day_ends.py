"""The clock of `--day-ends` passes the chosen midnight at the chosen look."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.kernel import clock
from tests.day_ends import LEAD, MIDNIGHTS, DayEnd, chosen, midnight_of

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("kind", "last"),
    [
        ("of a common day", date(2026, 12, 1)),
        ("of a month", date(2026, 11, 30)),
        ("of a year", date(2026, 12, 31)),
        ("before 29 February", date(2028, 2, 28)),
        ("of 29 February", date(2028, 2, 29)),
    ],
)
def test_each_kind_of_midnight_ends_its_day_of_the_program(kind: str, last: date) -> None:
    midnight = midnight_of(kind, TODAY)
    assert clock.program_day(midnight) == last + timedelta(days=1)
    assert clock.program_day(midnight - timedelta(milliseconds=1)) == last


def test_midnight_comes_at_its_look_and_time_moves_on_before_it() -> None:
    midnight = midnight_of("of a year", TODAY)
    ends = DayEnd(midnight, looks=4)
    early = [ends.now() for _ in range(3)]
    assert ends.seen == 3
    assert all(midnight - LEAD <= at < midnight for at in early)
    assert ends.now() == midnight
    assert ends.is_over
    assert midnight <= ends.now() < midnight + timedelta(minutes=1)


def test_a_slow_test_reaches_midnight_only_at_its_look(monkeypatch: pytest.MonkeyPatch) -> None:
    began = clock.machine_now()
    ends = DayEnd(midnight_of("of a month", TODAY), looks=3)
    monkeypatch.setattr(clock, "_machine", lambda: began + timedelta(hours=1))
    first, second, third = (ends.now() for _ in range(3))
    assert first < second < third == ends.midnight


def test_a_seed_repeats_its_choices_and_another_seed_makes_others() -> None:
    def of(seed: str) -> list[tuple[str, int]]:
        found = (chosen(seed, f"test_{number}", TODAY) for number in range(50))
        return [(kind, ends.looks) for kind, ends in found]

    assert of("7") == of("7") != of("8")
    assert {kind for kind, _ in of("7")} == {*MIDNIGHTS}
    assert {looks for _, looks in of("7")} <= {*range(2, 33)}
