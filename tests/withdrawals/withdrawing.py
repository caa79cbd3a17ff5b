"""Members with rebate cash, finance, and reads of a withdrawal's effects."""

from __future__ import annotations

import csv
import io
from typing import Any

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.kernel.config import config
from chalicelib.kernel.store.tables import connection
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import Account
from chalicelib.ledger.actions import set_status
from chalicelib.ledger.rules import NEVER
from chalicelib.payments.rules.journal import PROVIDER as AT_PROVIDER
from chalicelib.payments.rules.journal import REBATES, CashEntry
from chalicelib.withdrawals.actions.sweeping import sweep_withdrawals
from chalicelib.withdrawals.actions.sync import sync_withdrawal
from chalicelib.withdrawals.tables.payout_accounts import member_key
from chalicelib.withdrawals.tables.withdrawals import LIMIT, LimitItem
from tests.api import Answer, Api, new_key, token
from tests.cash import recent_entries
from tests.ledger.books import give, sound
from tests.ledger.proving import verify
from tests.payments.fake_gateway import FakeGateway

MINE = "/v1/me/withdrawals"
STAFF = "/v1/admin/withdrawals"
FILES = "/v1/admin/bank-files"
CARD = "6217000012345671233"
BANK = {"kind": "bank", "holder": "李雷", "bank": "中国银行上海分行", "account_number": CARD}
PROVIDER = {"kind": "provider", "account": "acct_1PgafTB7WZ01zgke"}


class Finance:
    """A member of finance, and their calls."""

    def __init__(self, api: Api) -> None:
        self.api, self.id = api, ids.new_id("mbr")

    @property
    def token(self) -> str:
        return token(self.id, "finance")

    def act(self, made: str, act: str, body: Any = None, *, key: str | None = None) -> Answer:
        path = f"{STAFF}/{made}/{act}"
        return self.api.post(path, body, as_=self.token, key=key or new_key())

    def approve(self, made: str) -> None:
        answer = self.act(made, "approve")
        assert (answer.status, answer.body["status"]) == (200, "approved"), answer.body

    def show(self, made: str) -> Any:
        answer = self.api.get(f"{STAFF}/{made}", as_=self.token)
        assert answer.status == 200, answer.body
        return answer.body

    def listed(self, status: str) -> list[str]:
        rows = self.api.listed(f"{STAFF}?status={status}", as_=self.token)
        return [each["id"] for each in rows]

    def export(self, key: str | None = None) -> Answer:
        return self.api.post(FILES, as_=self.token, key=key or new_key())

    def download(self, file_id: str) -> Answer:
        return self.api.get(f"{FILES}/{file_id}", as_=self.token)


def rich(api: Api, cents: int = 100_000, to: dict[str, str] | None = None) -> str:
    """A member with so much rebate cash, and a payout account."""
    member = ids.new_id("mbr")
    give(rebate(member), cents, f"test:{new_key()}", expires_at=NEVER, now=clock.now())
    answer = api.put("/v1/me/payout-account", to or BANK, as_=token(member))
    assert answer.status == 200, answer.body
    return member


def ask(api: Api, member: str, amount: Any = 12_000, *, key: str | None = None) -> Answer:
    return api.post(MINE, {"amount": amount}, as_=token(member), key=key or new_key())


def asked(api: Api, member: str, amount: int = 12_000) -> str:
    answer = ask(api, member, amount)
    assert answer.status == 201, answer.body
    made: str = answer.body["id"]
    return made


def approved(finance: Finance, member: str, amount: int = 12_000) -> str:
    made = asked(finance.api, member, amount)
    finance.approve(made)
    return made


def exported(finance: Finance) -> str:
    answer = finance.export()
    assert answer.status == 201, answer.body
    made: str = answer.body["id"]
    return made


def rows(finance: Finance, file_id: str) -> list[dict[str, str]]:
    text: str = finance.download(file_id).body
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def rebate(member: str) -> str:
    return ledger.account_of(member, "rebate_cash")


def balances(member: str) -> tuple[int, int]:
    """(available, held) of a member's rebate cash, proven from its entries."""
    account = proven(member)
    return account.posted, account.held


def proven(member: str) -> Account:
    assert verify(member).body["ok"]
    return sound(rebate(member))


def counted(member: str) -> tuple[int, int]:
    """The amounts that the limits have counted of all days and all months: a test may end on
    another day."""
    limits = LimitItem.sk.startswith(LIMIT)
    found = LimitItem.query(member_key(member), limits, consistent_read=True)
    taken = {item.sk.removeprefix(LIMIT): item.taken for item in found}
    assert min(taken.values(), default=0) >= 0, "what comes back counts where it was counted"
    days = sum(points for period, points in taken.items() if len(period) == len("2026-11-21"))
    return days, sum(taken.values()) - days


def everything(member: str) -> Any:
    """All state that a refusal must leave unchanged."""
    return balances(member), counted(member), withdrawals(member)


def withdrawals(member: str) -> Any:
    return Api().get(f"{MINE}?limit=100", as_=token(member)).body["data"]


def freeze(member: str, status: str = ledger.FROZEN) -> None:
    writes = WriteSet()
    set_status(writes, member, status, clock.now())
    writes.commit()


def cash(made: str) -> list[CashEntry]:
    """The journal's entries of a withdrawal: sent and returned, at once or in parts."""
    return [entry for entry in recent_entries() if entry.source == f"withdrawal:{made}"]


def ties(member: str, *made: str) -> bool:
    """Whether the ledger has spent the amount that the cash journal paid out."""
    paid = sum(entry.on(REBATES) for each in made for entry in cash(each))
    return proven(member).redeemed == paid


def empty_payments() -> None:
    """Forget all withdrawals and bank files, so that lists hold a test's own."""
    client: Any = connection().client
    table = config().table("payments")
    for page in client.get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            if item["pk"]["S"].startswith(("WDR#", "BNK#")):
                key = {"pk": item["pk"], "sk": item["sk"]}
                client.delete_item(TableName=table, Key=key)


def sync_now(made: str) -> str:
    """Sync a withdrawal with the provider; returns its status."""
    return sync_withdrawal(made, clock.now()).status


def sweep() -> int:
    """Run the sweep of withdrawals; returns how many it synced.

    Raises ExceptionGroup of the failures.
    """
    return sweep_withdrawals(clock.now())["withdrawals"]


def paid_out(gateway: FakeGateway) -> int:
    """The amount that left the provider, without fees and returns."""
    return -sum(line.amount for line in gateway.books)


def in_balance(gateway: FakeGateway, member: str, *made: str) -> None:
    """Assert that ledger, journal and the provider's books agree."""
    entries = [entry for each in made for entry in cash(each)]
    assert sum(entry.on(AT_PROVIDER) for entry in entries) == gateway.balance("CNY")
    assert [entry.transaction for entry in entries] == [line.id for line in gateway.books]
    assert ties(member, *made)
