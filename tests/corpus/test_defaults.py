"""A field that is left out has the same value for ever: its default never changes."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.corpus.defaults import FILE, defaults_read, left_out
from tests.corpus.releases import RELEASES


def test_a_field_that_is_left_out_is_read_as_each_release_read_it() -> None:
    today = set(defaults_read())
    for release in RELEASES:
        before = (release / FILE).read_text("utf-8").splitlines()
        assert len(before) > 100
        assert set(before) - today == set()


class _Before(msgspec.Struct):
    n: int = 0


class _After(msgspec.Struct):
    n: int = 1


def test_a_changed_default_is_detected_at_any_depth() -> None:
    read: list[list[str]] = []
    for kind in (_Before, _After):
        parts: Any = dict[str, list[kind]]  # type: ignore[valid-type]
        whole = msgspec.defstruct("Whole", [("parts", parts)])
        value = msgspec.json.decode(b'{"parts": {"a": [{}]}}', type=whole)
        read.append(list(left_out(value, "Whole")))
    assert read == [["Whole.parts{}[].n 0"], ["Whole.parts{}[].n 1"]]
