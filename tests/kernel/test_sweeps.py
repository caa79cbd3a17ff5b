"""The loop of all sweeps: each due item, with failures kept and deferred."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.kernel.errors import NotFound, Unavailable, Waits
from chalicelib.kernel.sweeps import CircuitBreaker, each, raise_failed
from tests.logs import recorded


class Silent(Unavailable):
    code = "silent"


class NotYet(Unavailable, Waits):
    code = "not_yet"


def acting(fails: dict[str, Exception], asked: list[str]) -> Callable[[str], bool]:
    def act(thing: str) -> bool:
        asked.append(thing)
        if thing in fails:
            raise fails[thing]
        return True

    return act


def test_a_failure_is_kept_and_deferred_and_stops_no_other_item() -> None:
    asked: list[str] = []
    failed: list[Exception] = []
    later: list[str] = []
    error = NotFound()

    def defer(thing: str) -> bool:
        later.append(thing)
        return True

    assert each("abc", acting({"b": error}, asked), failed, defer=defer) == 2
    assert (asked, failed, later) == (["a", "b", "c"], [error], ["b"])


def test_a_failure_that_cannot_be_deferred_is_kept_too() -> None:
    failed: list[Exception] = []
    errors: list[Exception] = [NotFound(), KeyError()]
    deferring = acting({"a": errors[1]}, [])
    assert each("ab", acting({"a": errors[0]}, []), failed, defer=deferring) == 1
    assert failed == errors


def test_the_circuit_opens_after_some_outages_in_a_row() -> None:
    asked: list[str] = []
    fails: dict[str, Exception] = {"a": Silent(), "c": Silent(), "d": Silent()}
    assert each("abcde", acting(fails, asked), [], CircuitBreaker(Silent)) == 1
    assert asked == ["a", "b", "c", "d"]


def test_an_early_answer_is_no_outage() -> None:
    asked: list[str] = []
    fails: dict[str, Exception] = {"a": Silent(), "b": NotYet(), "c": Silent(), "d": NotYet()}
    each("abcde", acting(fails, asked), [], CircuitBreaker(Silent))
    assert asked == [*"abcde"]


def test_an_own_failure_between_two_outages_does_not_hide_them() -> None:
    asked: list[str] = []
    fails: dict[str, Exception] = {"a": Silent(), "b": Unavailable(), "c": Silent()}
    each("abcd", acting(fails, asked), [], CircuitBreaker(Silent))
    assert asked == ["a", "b", "c"]


def test_a_failure_is_logged_under_the_name_of_its_item() -> None:
    with recorded() as said:
        each([1], lambda _: 1 // 0, [], name=lambda thing: f"thing {thing}")
    assert [(record.getMessage(), vars(record)["what"]) for record in said] == [
        ("something due was not settled", "thing 1")
    ]


def test_failures_are_raised_as_one_group_and_none_raises_nothing() -> None:
    raise_failed("not swept", [])
    with pytest.raises(ExceptionGroup, match="not swept") as raised:
        raise_failed("not swept", [KeyError("x")])
    assert len(raised.value.exceptions) == 1
