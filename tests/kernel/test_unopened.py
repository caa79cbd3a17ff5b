"""A record with a sealed part that does not open is reported like any unreadable one."""

from __future__ import annotations

from base64 import b64encode

import pytest

from chalicelib.finance.queries.invoices import get_invoice
from chalicelib.finance.tables.invoices import INVOICE, invoice_key
from chalicelib.kernel.errors import Unreadable
from chalicelib.notify import queries as inbox
from chalicelib.notify.rules import Received
from chalicelib.notify.tables import NoticeItem, notice_key, owner_key
from tests.api import Api, token
from tests.finance.invoicing import ADMIN, Invoicing
from tests.kernel.conftest import Spoil
from tests.kernel.unreadable_answers import assert_named, assert_not_named, last_page
from tests.withdrawals.withdrawing import BANK, MINE, PROVIDER, STAFF, Finance, ask, rich
from tests.world import World

SPOILT = {"B": b"\x00spoilt-spoilt-spoilt-spoilt"}


@pytest.mark.parametrize("kind", ["physical", "virtual"])
def test_an_order_with_a_sealed_part_that_does_not_open_is_reported_and_left_out(
    world: World, spoil: Spoil, kind: str
) -> None:
    member, sku = world.member(1000), world.sku(points=10, kind=kind)
    where = {"address_id": world.address(member)} if kind == "physical" else {}
    placed = [world.order(member, sku, **where).body["id"] for _ in range(3)][::-1]
    part = "address" if kind == "physical" else "codes"
    key = spoil("orders", placed[1], "ORDER", part, SPOILT)
    answer = world.api.get("/v1/me/orders", as_=token(member))
    assert [each["id"] for each in answer.body["data"]] == [placed[0], placed[2]]
    assert_not_named(world.api.get(f"/v1/orders/{placed[1]}", as_=token(member)), key)
    staffs = world.api.get(f"/v1/admin/orders/{placed[1]}", as_=world.ops)
    if kind == "virtual":
        assert staffs.status == 200  # the codes are the member's alone
        return
    assert_named(staffs, "orders", key)
    queue = last_page(world, "/v1/admin/orders?status=awaiting_review&limit=100")
    assert_named(queue, "orders", key)


def test_a_payout_account_that_does_not_open_is_reported_and_can_be_replaced(
    api: Api, spoil: Spoil
) -> None:
    member = rich(api)
    key = spoil("payments", f"MEM#{member}", "ACCOUNT", "sealed", SPOILT)
    assert_not_named(api.get("/v1/me/payout-account", as_=token(member)), key)
    assert_not_named(ask(api, member), key)
    assert api.put("/v1/me/payout-account", PROVIDER, as_=token(member)).status == 200
    assert ask(api, member).status == 201


def test_a_withdrawal_whose_destination_does_not_open_is_reported_and_left_out(
    api: Api, spoil: Spoil
) -> None:
    member = rich(api, to=BANK)
    made = [ask(api, member, 1000).body["id"] for _ in range(2)]
    key = spoil("payments", f"WDR#{made[0]}", "WITHDRAWAL", "destination", SPOILT)
    listed = api.get(MINE, as_=token(member)).body["data"]
    assert [each["id"] for each in listed] == [made[1]]
    assert_not_named(api.get(f"{MINE}/{made[0]}", as_=token(member)), key)
    assert_named(api.get(f"{STAFF}/{made[0]}", as_=Finance(api).token), "payments", key)


def test_an_invoice_whose_buyer_does_not_open_is_reported(api: Api, spoil: Spoil) -> None:
    mall = Invoicing(api)
    order_id = mall.order()
    invoice_id = mall.asked(order_id)
    assert get_invoice(invoice_id).order_id == order_id
    key = spoil("finance", invoice_key(invoice_id), INVOICE, "buyer", SPOILT)
    assert_not_named(api.get(f"/v1/orders/{order_id}/invoice", as_=mall.me), key)
    assert_named(api.get(f"{ADMIN}?status=requested&limit=100", as_=mall.finance), "finance", key)


def test_a_notice_whose_message_does_not_open_is_reported() -> None:
    item = NoticeItem(owner_key("mbr_1"), notice_key("ntc_1"))
    item.news = Received(
        member_id="mbr_1",
        entry_id="ent_1",
        points=5,
        balance_after=5,
        unit="points",
        reference="transfer:trf_1",
        note=b64encode(SPOILT["B"]).decode(),
    )
    with pytest.raises(Unreadable) as refusal:
        inbox.opened(item)
    assert refusal.value.facts["key"] == f"{item.pk} {item.sk}"
