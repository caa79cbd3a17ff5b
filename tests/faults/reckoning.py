"""The checks after a crowd: every account proven, every point accounted for."""

from __future__ import annotations

from chalicelib import ledger
from chalicelib.kernel import clock
from chalicelib.ledger.rules import Account
from tests.faults.crowds import Crowd
from tests.faults.invariants import LEDGER, problems_in
from tests.faults.savepoint import Savepoint


def problems_after(crowd: Crowd) -> list[str]:
    """The problems after a crowd."""
    problems = [repr(error) for error in crowd.failed]
    accounts = [ledger.find_account(account_id) for account_id in crowd.accounts]
    references: set[tuple[str, str]] = set()
    with Savepoint() as reader:
        for account in accounts:
            partition = reader.partition(LEDGER, f"ACC#{account.id}")
            problems += problems_in(partition)
            stored = {image["sk"]["S"] for image in partition}
            references |= {(account.id, sk[4:]) for sk in stored if sk.startswith("ENT#")}
            problems += _held(account, stored)
    problems += [f"{lost} was acknowledged and is not there" for lost in crowd.done - references]
    waiting = sum(escrow.points for escrow in ledger.escrows_of(crowd.claimant))
    between = sum(account.transferred for account in accounts) + waiting
    return problems + [f"transfers made {between} points"] * bool(between)


def _held(account: Account, stored: set[str]) -> list[str]:
    """Open holds sum to the held balance of the account."""
    begun = {sk[9:] for sk in stored if sk.startswith("ENT#hold:") and not sk.endswith(":end")}
    ended = {sk[9:-4] for sk in stored if sk.startswith("ENT#hold:") and sk.endswith(":end")}
    held = sum(ledger.show_hold(name, clock.now()).hold.points for name in begun - ended)
    return [f"{account.id}: {account.held} held, not {held}"] * (held != account.held)
