"""Many at once: counts are exact, and a failure strands nothing."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.coupons.actions import claims, giving
from chalicelib.coupons.queries.coupons import all_of
from chalicelib.kernel import clock, ids
from chalicelib.kernel.errors import JifenError, Unavailable
from chalicelib.kernel.store.writes import WriteSet
from tests.coupons.giving import given, left, template

pytestmark = pytest.mark.usefixtures("engine")
BUYERS, COUPONS = 200, 100


def test_of_200_at_once_exactly_100_get_one_and_none_is_stranded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, failures = template(total=COUPONS), iter(range(10**6))

    def commit(writes: WriteSet) -> None:
        number = next(failures)
        if number % 7 == 0:
            raise Unavailable()
        plain(writes)
        if number % 11 == 0:  # It was written, and nobody heard of it.
            raise Unavailable()

    plain = WriteSet.commit
    monkeypatch.setattr(WriteSet, "commit", commit)

    def claim(member: str) -> str:
        coupon_id = ids.new_id("cpn")
        while True:
            try:
                claims.claim(coupon_id, made.id, member, b"same", clock.now())
            except Unavailable:
                continue
            except JifenError as refusal:
                return refusal.code
            return "got"

    members = [ids.new_id("mbr") for _ in range(BUYERS)]
    with ThreadPoolExecutor(16) as threads:
        told = Counter(threads.map(claim, members))
    assert told == {"got": COUPONS, "coupons_gone": BUYERS - COUPONS}
    assert (given(made), left(made)) == (COUPONS, 0)
    assert sum(len(list(all_of(each))) for each in members) == COUPONS


def test_a_member_who_taps_at_once_gets_as_many_as_one_may() -> None:
    made, member = template(per_member=3), ids.new_id("mbr")

    def grant(number: int) -> str:
        try:
            giving.grant_now(made.id, member, str(number), clock.now())
        except JifenError as refusal:
            return refusal.code
        return "got"

    with ThreadPoolExecutor(8) as threads:
        told = Counter(threads.map(grant, range(12)))
    assert told == {"got": 3, "coupon_limit_reached": 9}
    assert (given(made), len(list(all_of(member)))) == (3, 3)
