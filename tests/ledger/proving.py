"""Accounts to prove, ways to spoil them, and jobs run as their queue would."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.streams import Change
from chalicelib.kernel.store.tables import connection
from chalicelib.ledger import events
from chalicelib.ledger.tables import PartItem
from tests.api import Answer, Api, token
from tests.ledger.books import FAR, cause, give, new_account, spend


def busy_account() -> str:
    """An account in which every balance has moved."""
    account_id = new_account()
    now = clock.now()
    give(account_id, 100, "gift", expires_at=FAR, now=now)
    give(account_id, 30, "later", expires_at=FAR, unlocks_at=FAR, now=now)
    spend(account_id, 40, "cup", now=now)
    hold_id = f"shop:{account_id}"
    until = int((now + timedelta(hours=1)).timestamp())
    ledger.place_hold(account_id, hold_id, 10, until, cause(""), now)
    ledger.capture_hold(hold_id, 4, now)
    ledger.place_hold(account_id, f"{hold_id}:2", 5, until, cause(""), now)
    transfer = cause(ledger.transfer_reference(ids.new_id("trf")))
    ledger.transfer_to_escrow(account_id, account_id[::-1], b"sealed", 7, transfer, now)
    return account_id


def change(account_id: str, sort_key: str, name: str, value: dict[str, Any] | None) -> None:
    """Change a stored item behind the ledger's back."""
    client: Any = connection().client
    key = {"pk": {"S": f"ACC#{account_id}"}, "sk": {"S": sort_key}}
    how = {"UpdateExpression": f"REMOVE #{name}"}
    if value is not None:
        how = {"UpdateExpression": f"SET #{name} = :v"}
        how["ExpressionAttributeValues"] = {":v": value}  # type: ignore[assignment]
    client.update_item(
        TableName="jifen-dev-ledger", Key=key, ExpressionAttributeNames={f"#{name}": name}, **how
    )


def verify(member_id: str | None = None, role: str = "finance") -> Answer:
    path = "/v1/admin/ledger/verify" + (f"?member_id={member_id}" if member_id else "")
    return Api().get(path, as_=token("mbr_staff", role))


def job(job_id: str) -> Any:
    answer = Api().get(f"/v1/admin/jobs/{job_id}", as_=token("mbr_staff", "ops"))
    assert answer.status == 200, answer.body
    return answer.body


def told(job_id: str) -> list[Fact]:
    """The facts that the relay publishes of a job's parts."""
    items = PartItem.query(f"JOB#{job_id}", PartItem.sk.startswith("SEG#"))
    return [f for item in items for f in events.facts_of(Change("1", {}, item.to_dynamodb_dict()))]


def run(job_id: str) -> Any:
    """Deliver the job's messages until there are none; return the job."""
    while facts := told(job_id):
        for fact in facts:
            events._verify(fact)
    return job(job_id)


def run_whole() -> Any:
    return run(verify().body["job_id"])["result"]
