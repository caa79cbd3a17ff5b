"""Today's code reads the messages of each release, which may wait in queues during a deployment."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from chalicelib.earning import events as earning_events
from chalicelib.finance.actions import rebuilds
from chalicelib.finance.events import settlements as finance_events
from chalicelib.kernel.store.facts import Fact, handle
from chalicelib.ledger import events as ledger_events
from chalicelib.notify.routes import view
from chalicelib.notify.rules.choosing import news_of
from chalicelib.notify.tables import NoticeItem
from chalicelib.orders import events as orders_events
from chalicelib.withdrawals import events as withdrawals_events
from tests.corpus.releases import RELEASES, messages
from tests.facts import fact_of, made

# Types of messages, and their consumers besides the inbox.
TYPES = {
    "campaign.purchase", "catalog.goods_ordered", "coupon.granted", "earning.order_money",
    "earning.review_shown",
    "ledger.entry", "ledger.status", "ledger.verify", "member.identity_added", "member.new_device",
    "member.merged", "member.registered", "member.signed_in",
    "order.approved", "order.awaiting_payment", "order.awaiting_review", "order.cancelled",
    "order.cash", "order.completed", "order.delivered", "order.in_review", "order.refunded",
    "order.rejected", "order.shipped", "payment.news", "points.expiring", "refund.by_hand",
    "refund.due", "refund.failed", "refund.succeeded", "return.approved", "return.closed",
    "return.received", "return.rejected", "return.requested", "return.sent", "return.withdrawn",
    "review.published", "review.replied", "settlement.rebuild", "tier.activity", "tier.downgraded",
    "tier.forecast", "tier.upgraded",
    "transfer.escrowed",
    "withdrawal.approved", "withdrawal.failed", "withdrawal.news", "withdrawal.paid",
    "withdrawal.paying", "withdrawal.rejected", "withdrawal.requested", "withdrawal.returned",
}  # fmt: skip


def everything() -> list[Fact]:
    return [fact_of(line) for release in RELEASES for line in messages(release)]


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Records the acts of consumers instead of doing them."""
    done: list[tuple[Any, ...]] = []

    def noting(name: str) -> Any:
        return lambda *args: done.append((name, *args))

    for owner, name in (
        (orders_events.payments, "send_refund"),
        (withdrawals_events, "sync_withdrawal"),
        (orders_events, "send"),
        (withdrawals_events.sweeping, "sync_named"),
        (orders_events.news, "act_on_news"),
        (orders_events.sync, "sync_order"),
        (orders_events.codes, "hand_out_codes"),
        (orders_events.sales, "mark_day"),
        (orders_events.imports, "ship_part"),
        (ledger_events.verification, "continue_part"),
        (rebuilds, "run_rebuild"),
        (earning_events.referrals, "note_registered"),
        (earning_events.referrals, "note_order"),
        (earning_events.mall, "receive_order"),
        (earning_events.claims, "pay_review"),
    ):
        monkeypatch.setattr(owner, name, noting(name))
    monkeypatch.setattr(earning_events.members, "member_with", noting("member_with"))
    return done


LISTENERS = (
    ledger_events.HEARD,
    finance_events.HEARD,
    earning_events.HEARD,
    orders_events.PAYMENTS,
    orders_events.FULFILMENT,
    withdrawals_events.HEARD,
)


def consumed(fact: Fact[Any]) -> None:
    """Hand a message to every consumer of its type but the inbox."""
    for handlers in LISTENERS:
        if type(fact.data) in handlers:
            handle(fact, handlers)


def told(fact: Fact[Any]) -> None:
    """Read a message like the inbox; returns its notices."""
    news = news_of(fact.data)
    if news is not None:
        item = NoticeItem.of(fact, news)
        for language in ("zh-CN", "en"):
            view(language, item)


def test_every_message_of_every_release_is_understood(acts: list[tuple[Any, ...]]) -> None:
    for fact in everything():
        consumed(fact)
        told(fact)
    assert {name for name, *_ in acts} >= {
        "send_refund",
        "sync_withdrawal",
        "sync_named",
        "send",
        "act_on_news",
        "hand_out_codes",
        "continue_part",
        "run_rebuild",
        "member_with",
    }


def test_the_newest_corpus_has_every_type_of_message() -> None:
    """Add a message of a new type to the corpus of the next release, and the type here."""
    assert {fact_of(line).type for line in messages(RELEASES[-1])} == TYPES


def test_messages_of_today_hold_everything_that_the_first_release_reads() -> None:
    """A rollback finds messages of today. Members without content are left out."""
    for line in messages(RELEASES[0]):
        before, today = json.loads(line), json.loads(msgspec.json.encode(fact_of(line)))
        lacking = {k: v for k, v in before["data"].items() if k not in today["data"]}
        assert not any(lacking.values()), line
        assert before["data"] == {**today["data"], **lacking}
        version = before.get("version", 1)
        assert {**before, "data": 0, "version": version} == {**today, "data": 0}


def test_a_message_of_a_newer_release_is_understood(acts: list[tuple[Any, ...]]) -> None:
    """A rollback finds messages with new members."""
    for fact in everything():
        later = json.loads(msgspec.json.encode(fact))
        later["later"] = later["data"]["later"] = {"more": 1}
        later["version"] = 2
        newer = fact_of(json.dumps(later))
        consumed(newer)
        told(newer)
    assert acts


def test_the_corpus_detects_a_new_required_member_of_a_message() -> None:
    """This fails if a required new member of a message would go unnoticed."""
    entry = next(fact for fact in everything() if fact.type == "points.expiring")
    less = msgspec.to_builtins(entry.data)
    del less["points"]
    with pytest.raises(msgspec.ValidationError):
        made(entry.id, entry.type, entry.occurred_at, less)
