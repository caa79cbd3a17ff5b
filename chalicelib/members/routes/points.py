"""A member's balances, under all their ids."""

from __future__ import annotations

from chalicelib import ledger
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import BALANCE_EXAMPLE, Account, Balance, PointsQuery, balance_asked
from chalicelib.members import queries
from chalicelib.members.routes.blueprint import members


@route(
    members, "GET", "/v1/me/points",
    summary="My points: available, expiring, lifetime; now or at a past moment",
    roles=[MEMBER], query=PointsQuery, answer=Balance, example={"answer": BALANCE_EXAMPLE},
)  # fmt: skip
def show_points(call: Call) -> Reply:
    return Reply(balance_of(call.member_id, call))


def balance_of(member_id: str, call: Call) -> Balance:
    """A member's balances of a unit, now or as of a past moment.

    Raises Invalid naming `at`.
    """
    asked: PointsQuery = call.query
    if asked.at is not None:
        return balance_asked(ledger.account_of(member_id, asked.unit), asked, call.now)
    return ledger.balance(whole_account(member_id, asked.unit), call.now)


def whole_account(member_id: str, unit: str) -> Account:
    """A member's account, with what is held or waits under ids that were merged into theirs: it
    comes to this account when it is free. Most members have no such ids, and no more is read."""
    account = ledger.find_account(ledger.account_of(member_id, unit))
    if not account.joined:
        return account
    earlier = (ledger.account_of(each, unit) for each in queries.ids_of(member_id)[1:])
    return ledger.together(account, ledger.find_accounts(earlier).values())
