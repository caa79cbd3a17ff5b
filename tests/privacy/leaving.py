"""Somebody with a long history in the mall, and a search for what is left of them."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from typing import Any

from chalicelib import ledger
from chalicelib.kernel import clock
from chalicelib.kernel.store.tables import connection
from chalicelib.notify.actions import deliver
from chalicelib.privacy.events import answer_requests
from infra.local import schedules
from tests.api import new_key, token
from tests.catalog.buckets import Buckets
from tests.finance.invoicing import Invoicing
from tests.ledger.books import give
from tests.members.giving import facts
from tests.members.people import People, SignedIn, new_email
from tests.orders.returned import PARCEL, TO
from tests.orders.reviewed import Reviewed
from tests.withdrawals.withdrawing import Finance
from tests.world import World

TABLES = (
    "members",
    "ledger",
    "catalog",
    "orders",
    "payments",
    "finance",
    "campaigns",
    "notify",
    "audit",
    "tiers",
)
CARD = "6217000012345671233"


class Leaver:
    """A member who did everything that leaves personal words, and then leaves."""

    def __init__(self, world: World, people: People, pictures: Buckets, engine: str) -> None:
        self.world, self.api, self.people, self.engine = world, world.api, people, engine
        mark = secrets.token_hex(4)
        # Each word is found nowhere else.
        self.name, self.street = f"欧阳{mark}娜娜", f"幸福路{mark}号"
        self.words = f"我的{mark}生日"
        self.email = new_email()
        self.who: SignedIn = people.sign_in()
        self.friend = world.member()
        self._introduce()
        self._shop(pictures)
        self._get_money()
        self._give()

    @property
    def personal(self) -> list[str]:
        """What nobody may find when the member is gone."""
        national = self.who.phone.removeprefix("+86")
        external = self.external["id"]
        return [national, self.email, self.name, self.street, self.words, CARD, external]

    def post(self, path: str, body: Any = None) -> Any:
        answer = self.api.post(path, body, as_=token(self.who.id), key=new_key())
        assert answer.status in (200, 201), (path, answer.body)
        return answer.body

    def staff(self, path: str, body: Any = None, method: str = "POST") -> Any:
        answer = self.api.request(method, path, body, as_=token("mbr_ops", "ops"), key=new_key())
        assert answer.status in (200, 201), (path, answer.body)
        return answer.body

    def _introduce(self) -> None:
        me = token(self.who.id)
        assert self.api.patch("/v1/me", {"nickname": self.name}, as_=me).status == 200
        assert self.people.link(self.who, self.email, "email").status == 201
        self.post(
            "/v1/me/addresses",
            {
                "recipient": self.name,
                "phone": self.who.phone,
                "province": "浙江省",
                "city": "杭州市",
                "street": self.street,
            },
        )
        bank = {"kind": "bank", "holder": self.name, "bank": "中国银行", "account_number": CARD}
        assert self.api.put("/v1/me/payout-account", bank, as_=me).status == 200
        path = f"/v1/admin/members/{self.who.id}"
        self.external = {"system": "crm", "id": f"c-{self.name}".encode().hex()}
        self.staff(f"{path}/external-ids", self.external, "PUT")
        self.staff(f"{path}/notes", {"text": f"{self.name} 来电"})
        self.staff(f"{path}/freeze", {"reason": f"{self.name} 申诉"})
        self.staff(f"{path}/unfreeze", {"reason": f"{self.name} 已核实"})

    def _shop(self, pictures: Buckets) -> None:
        world, member = self.world, self.who.id
        world.give(member, 5000)
        self.goods = Reviewed(world)
        _, bought = self.goods.buy(member)
        picture = pictures.checked(self.api, member)
        review = self.goods.write(member, bought, text="很好用", pictures=[picture])
        assert review.status == 201, review.body
        self.review = review.body["id"]
        assert self.goods.act(self.review, "publish").status == 200
        sku = world.sku(points=100, stock=10)
        placed = world.order(member, sku, 2, note=self.words)
        assert placed.status == 201, placed.body
        self.order = placed.body["id"]
        self.staff(f"/v1/admin/orders/{self.order}/notes", {"text": f"{self.name} 要求周五送"})
        for act in ("take", "approve", "ship", "deliver"):
            self.staff(f"/v1/admin/orders/{self.order}/{act}", PARCEL if act == "ship" else None)
        self.returned = self.post(
            f"/v1/orders/{self.order}/returns",
            {
                "lines": [{"sku": sku, "quantity": 1}],
                "reason": self.words,
                "kind": "return",
            },
        )["id"]
        self.staff(f"/v1/admin/returns/{self.returned}/approve", {"instructions": TO})
        self.post(f"/v1/returns/{self.returned}/withdraw")
        self.post(f"/v1/orders/{self.order}/confirm-receipt")
        self.favourite = world.product(points=5, stock=1)["id"]
        me = token(member)
        assert self.api.put(f"/v1/me/favourites/{self.favourite}", as_=me).status in (200, 201)
        assert self.api.put(f"/v1/me/cart/items/{sku}", {"quantity": 1}, as_=me).status == 200

    def _get_money(self) -> None:
        """A withdrawal that is declined, and an invoice that is issued."""
        account_id = ledger.account_of(self.who.id, ledger.REBATE_CASH)
        give(account_id, 20_000, f"test:{new_key()}", expires_at=ledger.NEVER, now=clock.now())
        made = self.post("/v1/me/withdrawals", {"amount": 12_000})["id"]
        finance = Finance(self.api)
        declined = finance.act(made, "reject", {"reason": f"{self.name} 户名不符"})
        assert declined.status == 200, declined.body
        books = Invoicing(self.api)
        books.member = self.who.id
        buyer = {"kind": "personal", "title": self.name, "email": self.email}
        invoice = books.ask(books.order(), buyer)
        assert invoice.status == 201, invoice.body
        self.invoice = invoice.body["id"]
        issued = books.act(self.invoice, "issue", f"{secrets.randbelow(10**20):020d}")
        assert issued.status == 200, issued.body

    def _give(self) -> None:
        body = {"to": {"member_id": self.friend}, "points": 50, "message": self.words}
        self.gift = self.post("/v1/me/points/transfers", body)["id"]
        for member in (self.friend, self.who.id):
            for fact in facts(self.engine, member=member):
                deliver(fact, clock.machine_now())

    def leave(self) -> Any:
        """Close the account right after a login."""
        self.who = self.people.sign_in(self.who.phone)
        return self.api.delete("/v1/me", as_=self.who.token)

    def traces(self, sealed: list[tuple[bytes, bytes]]) -> list[str]:
        """Where something personal is left: in clear, or sealed."""
        words = [word.encode() for word in self.personal]
        hidden = [found for plain, found in sealed if any(_has(plain, word) for word in words)]
        assert hidden, "nothing was sealed"
        in_text = [base64.b64encode(bytes([2]) + b"f1" + each) for each in hidden]
        return [
            f"{table} {item['pk']['S']} {item['sk']['S']}"
            for table in TABLES
            for item in _items(table)
            if any(each in _raw(item) for each in (*words, *hidden, *in_text))
        ]


def _has(plain: bytes, word: bytes) -> bool:
    """Whether what was sealed has a word: addresses are sealed in GB18030."""
    return word in plain or word.decode().encode("gb18030") in plain


def run() -> dict[str, int]:
    """Run the function once, as its schedule does."""
    event = schedules.event("answer_requests", clock.rfc3339(clock.now()))
    done: dict[str, int] = answer_requests(event, None)
    return done


def _items(table: str) -> Iterator[dict[str, Any]]:
    client: Any = connection().client
    for page in client.get_paginator("scan").paginate(TableName=f"jifen-dev-{table}"):
        yield from page["Items"]


def _raw(value: Any) -> bytes:
    """All keys and values of an item, one after the other."""
    if isinstance(value, bytes):
        return value + b"\x00"
    if isinstance(value, dict):
        return b"".join(_raw(key) + _raw(each) for key, each in value.items())
    if isinstance(value, list | set):
        return b"".join(map(_raw, value))
    return str(value).encode() + b"\x00"
