"""The states of reviews, names in front of others, and what a rating comes to."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.rules.ratings import STARS, Rating
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.orders.rules.reviews import (
    HIDE,
    NEXT,
    PUBLISH,
    REPLY,
    STATUSES,
    ReviewAct,
    acted_on,
    masked_name,
    was_done,
)
from tests.orders.rules.making import made_review

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(("name", "status"), product((PUBLISH, HIDE, REPLY), STATUSES))
def test_each_act_in_each_state_moves_or_is_refused_with_the_state(name: str, status: str) -> None:
    act = ReviewAct(name, "mbr_ops", 2, b"w")
    expected = NEXT.get((name, status))
    if expected is None:
        with pytest.raises(NotAllowedInThisState) as refused:
            acted_on(made_review(status), act, "x")
        assert refused.value.facts == {"status": status}
        return
    after = acted_on(made_review(status), act, "x" if name != PUBLISH else None)
    assert (after.status, after.version, after.last) == (expected, 2, act)
    assert (after.reply is not None, after.reason) == (name == REPLY, "x" if name == HIDE else None)


def test_an_act_is_repeated_by_the_same_person_with_the_same_words_alone() -> None:
    act = ReviewAct(HIDE, "mbr_ops", 2, b"w")
    hidden = acted_on(made_review(), act, "x")
    assert was_done(hidden, ReviewAct(HIDE, "mbr_ops", 9, b"w"))
    for other in (
        ReviewAct(HIDE, "mbr_other", 2, b"w"),
        ReviewAct(HIDE, "mbr_ops", 2, b"v"),
        ReviewAct(PUBLISH, "mbr_ops", 2, b"w"),
    ):
        assert not was_done(hidden, other)
    assert not was_done(made_review(), act)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (None, None),
        ("", None),
        ("满", "满**"),
        ("小满", "小**"),
        ("欧阳小满", "欧**满"),
        ("Alexander", "A**r"),
        ("👩‍🚀👍🏽🇨🇳", "👩‍🚀**🇨🇳"),
        ("é́tienne", "é́**e"),
    ],
)
def test_a_name_is_masked_by_whole_letters(name: str | None, shown: str | None) -> None:
    assert masked_name(name) == shown


@given(st.tuples(*[st.integers(0, 10**6)] * 5))
def test_an_average_is_rounded_half_up_to_a_hundredth(
    stars: tuple[int, int, int, int, int],
) -> None:
    rating = Rating(stars)
    total = sum(stars)
    if not total:
        assert rating.average_hundredths is None
        return
    exact = Fraction(100 * sum(n * c for n, c in zip(STARS, stars, strict=True)), total)
    assert rating.average_hundredths == int(exact + Fraction(1, 2))
    assert rating.count == total
