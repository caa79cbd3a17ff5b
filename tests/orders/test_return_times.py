"""The end of a state's time: what the sweep does to a return."""

from __future__ import annotations

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.settings import MissingSetting
from chalicelib.orders.actions import return_sweeps, returns
from chalicelib.orders.queries.returns import count_returns, due_returns, get_return
from chalicelib.orders.rules import OrderAct
from tests.conftest import Time
from tests.orders.returned import Returned, end_times, sweep
from tests.settings import changed
from tests.world import World


@pytest.fixture
def returned(world: World) -> Returned:
    return Returned(world)


# How a return comes into a state, and its days there.
MADE = {"requested": ("asked", 3), "approved": ("approved", 7), "sent": ("sent", 10)}
ENDS = {"requested": "approved", "approved": "withdrawn", "sent": "closed"}
LEFT = {
    "return": {"requested": (700, 7, 0), "approved": (700, 7, 0), "sent": (900, 7, 2)},
    "exchange": {"requested": (700, 5, 0), "approved": (700, 7, 0), "sent": (900, 7, 2)},
}


@pytest.mark.parametrize("state", MADE)
@pytest.mark.parametrize("kind", LEFT)
def test_each_state_has_its_time_and_its_end(
    returned: Returned, time: Time, state: str, kind: str
) -> None:
    make, days = MADE[state]
    return_id = getattr(returned, make)(2, kind)
    before = returned.state()
    time.advance(days=days, seconds=-60)
    assert not end_times(return_id)
    assert returned.state() == before
    time.advance(seconds=120)
    assert end_times(return_id)
    made = get_return(return_id)
    assert (made.status, made.steps[-1].by) == (ENDS[state], "system")
    assert returned.left() == LEFT[kind][state]
    assert not end_times(return_id), "once"
    assert returned.left() == LEFT[kind][state]


def test_a_refund_without_a_return_is_made_if_nobody_decides(
    returned: Returned, time: Time
) -> None:
    return_id = returned.asked(1, "refund_only")
    time.advance(days=3.01)
    assert end_times(return_id)
    assert get_return(return_id).status == "closed"
    assert returned.left() == (800, 7, 1)


def test_the_rest_of_a_return_that_never_came_is_not_refunded(
    returned: Returned, time: Time
) -> None:
    return_id = returned.received(3, "return", came=1)
    time.advance(days=7.01)
    assert end_times(return_id)
    assert get_return(return_id).status == "closed"
    assert returned.left() == (800, 8, 1)


def test_an_exchange_that_nobody_shipped_is_refunded(returned: Returned, time: Time) -> None:
    return_id = returned.received(3, "exchange", came=2)
    assert returned.left() == (700, 6, 0)
    time.advance(days=7.01)
    assert end_times(return_id)
    assert get_return(return_id).status == "closed"
    # Two units came back, three were reserved.
    assert returned.left() == (900, 9, 2)


def test_an_exchange_that_is_sold_out_becomes_a_return(world: World, time: Time) -> None:
    returned = Returned(world, stock=3)
    return_id = returned.asked(1, "exchange")
    time.advance(days=3.01)
    assert end_times(return_id)
    made = get_return(return_id)
    assert (made.status, made.kind) == ("approved", "return")
    assert made.instructions == config().returns.return_address


def test_without_a_return_address_the_sweep_tells_and_the_return_waits(
    returned: Returned, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    return_id = returned.asked(1)
    time.advance(days=3.01)
    settings = changed(return_address="")
    monkeypatch.setattr(return_sweeps, "config", lambda: settings)
    before = returned.state()
    with pytest.raises(MissingSetting, match="JIFEN_RETURN_ADDRESS"):
        end_times(return_id)
    failed: list[Exception] = []
    return_sweeps.sweep_returns(to_ms(clock.now()), failed)
    assert any(isinstance(error, MissingSetting) for error in failed)
    assert returned.state() == before


def test_the_hourly_sweep_ends_times(returned: Returned, time: Time) -> None:
    return_id = returned.approved(1)
    assert return_id not in set(due_returns(to_ms(clock.now())))
    time.advance(days=7.01)
    assert return_id in set(due_returns(to_ms(clock.now())))
    sweep()
    assert get_return(return_id).status == "withdrawn"
    assert return_id not in set(due_returns(to_ms(clock.now())))
    assert count_returns("withdrawn").count >= 1


def test_the_system_does_not_act_on_a_state_that_came_meanwhile(
    returned: Returned, time: Time
) -> None:
    return_id = returned.sent(2)
    time.advance(days=10.01)
    returned.staff(return_id, "receive", returned.units(1))
    before = returned.state()
    late = OrderAct("close", "system", "sweep_orders", to_ms(clock.now()))
    with pytest.raises(NotAllowedInThisState):
        returns.close(return_id, late)
    assert returned.state() == before
