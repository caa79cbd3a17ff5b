"""Codes of vouchers cannot be guessed at the counter: wrong ones of each clerk are counted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.errors import NotFound
from chalicelib.orders.actions import wrong_codes
from chalicelib.orders.rules.vouchers import WRONG_CODES_AN_HOUR
from chalicelib.orders.tables.counter import WrongCodesItem
from tests.api import Api, new_key, token
from tests.orders.booked import Booked, Service, use
from tests.world import World


def test_who_tries_too_many_wrong_codes_waits_for_the_next_hour(api: Api, time: Any) -> None:
    time.advance_to_noon()
    service = Service(world := World(api))
    order, clerk = Booked.of(service, service.slot()), f"mbr_{new_key()}"
    code, before = order.code(), order.stands()

    def shown(typed: str) -> Any:
        return api.get(f"/v1/admin/vouchers/{typed}", as_=token(clerk, "agent"))

    def used(typed: str) -> Any:
        return use(world, typed, service.store, as_=token(clerk, "agent"))

    for number in range(WRONG_CODES_AN_HOUR):
        assert (shown, used)[number % 2](f"{number:012}").status == 404
    for answer in (shown(code), used(code), used("000000000000")):
        assert (answer.status, answer.body["code"]) == (429, "too_many_wrong_codes")
        assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    assert order.stands() == before
    assert api.get(f"/v1/admin/vouchers/{code}", as_=world.ops).status == 200
    time.advance(hours=1)
    assert shown("000000000000").status == 404
    assert used(code).status == 200


def test_right_codes_are_not_counted(world: World) -> None:
    order, clerk = Booked.of(service := Service(world), service.slot()), f"mbr_{new_key()}"
    for _ in range(3):
        wrong_codes.place_of(order.code(), clerk, clock.now())
    assert WrongCodesItem.find(f"CODES#{clerk}", "WRONG") is None


def test_wrong_codes_at_once_are_all_counted(engine: str) -> None:
    clerk, now = f"mbr_{new_key()}", clock.now()
    hour = clock.to_ms(now) // 3_600_000

    def guess(_: int) -> None:
        with pytest.raises(NotFound):
            wrong_codes.place_of("000000000000", clerk, now)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(guess, range(8)))
    assert WrongCodesItem.tried_in(clerk, hour) == 8
    assert WrongCodesItem.tried_in(clerk, hour + 1) == 0
