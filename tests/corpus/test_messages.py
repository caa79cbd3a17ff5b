"""Messages of each release, which wait in queues while the next one is deployed, are understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.earning import events as earning_events
from chalicelib.finance.events import settlements as finance_events
from chalicelib.kernel.store.facts import Fact, fact_of
from chalicelib.ledger import events as ledger_events
from chalicelib.notify.routes import view
from chalicelib.notify.rules.invitations import Waiting
from chalicelib.notify.rules.news import news_of
from chalicelib.notify.tables import NoticeItem
from chalicelib.orders import events as orders_events
from chalicelib.withdrawals import events as withdrawals_events

RELEASES = sorted(path.parent for path in Path(__file__).parent.glob("*/messages.jsonl"))
# What is told, and who listens beside the inbox.
TYPES = {
    "ledger.entry", "ledger.verify", "member.identity_added", "member.registered",
    "order.approved", "order.awaiting_payment", "order.awaiting_review", "order.cancelled",
    "order.cash", "order.completed", "order.delivered", "order.in_review", "order.refunded",
    "order.rejected", "order.shipped", "payment.news", "points.expiring", "refund.by_hand",
    "refund.due", "refund.failed", "refund.succeeded", "settlement.rebuild", "transfer.escrowed",
    "withdrawal.approved", "withdrawal.failed", "withdrawal.news", "withdrawal.paid",
    "withdrawal.paying", "withdrawal.rejected", "withdrawal.requested", "withdrawal.returned",
}  # fmt: skip


def messages(release: Path) -> list[str]:
    return (release / "messages.jsonl").read_text("utf-8").splitlines()


def everything() -> list[Fact]:
    return [fact_of(line) for release in RELEASES for line in messages(release)]


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What consumers were about to do, instead of doing it."""
    done: list[tuple[Any, ...]] = []

    def noting(name: str) -> Any:
        return lambda *args: done.append((name, *args))

    for owner, name in (
        (orders_events.payments, "send_refund"), (withdrawals_events, "sync_withdrawal"),
        (orders_events, "send"), (withdrawals_events.sweeping, "sync_named"),
        (orders_events.sweeping, "settle_news"), (orders_events.settling, "settle_order"),
        (orders_events.acts, "hand_out_codes"), (ledger_events.verification, "go_on"),
        (finance_events.rebuilds, "run_rebuild"),
    ):  # fmt: skip
        monkeypatch.setattr(owner, name, noting(name))
    monkeypatch.setattr(earning_events.members, "member_with", noting("member_with"))
    return done


def consumed(fact: Fact) -> None:
    """Hand a message to everybody who may listen to its type."""
    if fact.type == "ledger.verify":
        ledger_events._verify(fact)
    elif fact.type == "settlement.rebuild":
        finance_events._rebuild(fact)
    elif fact.type in ("member.identity_added", "transfer.escrowed"):
        earning_events.settle(fact)
    elif fact.type.startswith(("order.", "payment.", "refund.", "withdrawal.")):
        orders_events.settle(fact)
        withdrawals_events.sync(fact)
    if fact.type in ("order.completed", "order.approved") and "kind" in fact.data:
        orders_events.fulfil(fact)


def told(fact: Fact) -> None:
    """Read a message as the inbox does, and show what it makes of it."""
    if fact.type == "transfer.escrowed":
        msgspec.convert(fact.data, Waiting)
        return
    news = news_of(fact.type, fact.data)
    if news is not None:
        item = NoticeItem.of(fact, news)
        for language in ("zh-CN", "en"):
            view(language, item)


def test_every_message_of_every_release_is_understood(acts: list[tuple[Any, ...]]) -> None:
    for fact in everything():
        consumed(fact)
        told(fact)
    assert {name for name, *_ in acts} >= {
        "send_refund", "sync_withdrawal", "sync_named", "send", "settle_news", "hand_out_codes",
        "go_on", "run_rebuild", "member_with",
    }  # fmt: skip


def test_every_type_of_message_stands_in_the_newest_corpus() -> None:
    """Who adds a type adds a message of it to the corpus of the next release, and it here."""
    assert {fact_of(line).type for line in messages(RELEASES[-1])} == TYPES


def test_a_message_of_a_newer_release_is_understood(acts: list[tuple[Any, ...]]) -> None:
    """A rollback finds messages with more in them."""
    for fact in everything():
        later = json.loads(msgspec.json.encode(fact))
        later["later"] = later["data"]["later"] = {"more": 1}
        newer = fact_of(json.dumps(later))
        consumed(newer)
        told(newer)
    assert acts


def test_a_member_that_a_message_needs_more_is_found_out_by_the_corpus() -> None:
    """This fails if reading the corpus would not fail for news that need what was not told."""
    entry = next(fact for fact in everything() if fact.type == "points.expiring")
    del entry.data["points"]
    with pytest.raises(msgspec.ValidationError):
        told(entry)
