"""What a process remembers for a while."""

import time

import pytest

from chalicelib.kernel.recall import Recall


def test_a_value_is_kept_for_its_time_and_not_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    now_ns = 5
    monkeypatch.setattr(time, "monotonic_ns", lambda: now_ns)
    recall = Recall[str, int](2, 10)
    recall.keep("cup", 0)
    now_ns += 2 * 10**9 - 1
    assert (recall.get("cup"), recall.get("tee")) == (0, None)
    now_ns += 1
    assert recall.get("cup") is None


def test_no_more_than_so_many_are_kept() -> None:
    recall = Recall[int, int](60, 2)
    for key in (1, 2, 1, 2):
        recall.keep(key, key)
    assert (recall.get(1), recall.get(2)) == (1, 2)
    recall.keep(3, 3)
    assert (recall.get(1), recall.get(2), recall.get(3)) == (None, None, 3)


def test_a_value_can_be_dropped() -> None:
    recall = Recall[str, int](60, 2)
    recall.keep("cup", 1)
    recall.drop("cup")
    recall.drop("cup")
    assert recall.get("cup") is None
