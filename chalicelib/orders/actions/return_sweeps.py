"""The sweep of returns: what happens when the time of a state is over."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.catalog import OutOfStock
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import NotAllowedInThisState
from chalicelib.kernel.sweeps import each
from chalicelib.ledger import EntryExists
from chalicelib.orders.actions import returns
from chalicelib.orders.errors import OrderDisputed
from chalicelib.orders.queries import returns as queries
from chalicelib.orders.rules import OrderAct
from chalicelib.orders.rules.returns import OVERDUE, Return

_ACTOR = "sweep_orders"


def sweep_returns(now_ms: int, failed: list[Exception]) -> int:
    """Do what is due; the number of returns that moved. A failed one is added to `failed`."""
    return each(queries.due_returns(now_ms), lambda found: end_time(found, now_ms), failed)


def end_time(return_id: str, now_ms: int) -> bool:
    """Do what the end of its state's time does to a return; False if its state has changed, or a
    bank has the cash of its order.

    Raises MissingSetting if it has to be approved and no setting says where goods are sent.
    """
    seen = queries.get_return(return_id)
    if seen.due_at_ms is None or seen.due_at_ms > now_ms:
        return False
    try:
        _ACTS[OVERDUE[seen.status]](seen, now_ms)
    except (NotAllowedInThisState, OrderDisputed, EntryExists):
        # EntryExists: another run of the sweep was faster.
        return False
    return True


def _approve(seen: Return, now_ms: int) -> None:
    """An exchange whose replacement is sold out becomes a return."""
    if seen.comes_back:
        config().returns.required("return_address")
    act = _act("approve", now_ms)
    try:
        returns.approve(seen.id, act, None)
    except OutOfStock:
        returns.approve_sold_out(seen.id, act)


def _act(name: str, now_ms: int) -> OrderAct:
    return OrderAct(name, "system", _ACTOR, now_ms)


_ACTS: dict[str, Callable[[Return, int], object]] = {
    "approve": _approve,
    "withdraw": lambda seen, now_ms: returns.withdraw(seen.id, _act("withdraw", now_ms), None),
    "close": lambda seen, now_ms: returns.close(seen.id, _act("close", now_ms)),
}
