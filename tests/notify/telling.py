"""Facts as the relays publish them, and the queue's event that brings them."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from chalicelib.kernel import ids
from chalicelib.kernel.store.facts import Fact
from tests.facts import AT, made, order_data


class Contact(NamedTuple):
    """The members context's answer of how to reach a member."""

    phone: str | None = "+8613800138000"
    email: str | None = None
    language: str = "zh-CN"
    nickname: str | None = None


def registered(member_id: str, at: str = AT) -> Fact:
    return made(ids.new_id("fct"), "member.registered", at, {"member_id": member_id})


def entry(member_id: str, entry_type: str = "accrual", at: str = AT, **data: Any) -> Fact:
    told = {
        "member_id": member_id,
        "seq": 1,
        "entry_id": ids.new_id("ent"),
        "type": entry_type,
        "points": 199,
        "balance_after": 1199,
        "unit": "points",
        "moved": 199,
        "reference": "order:ord_1",
        "source": "order:ord_1",
        **data,
    }
    return made(told["entry_id"], "ledger.entry", at, told)


def order(member_id: str, status: str, at: str = AT, **data: Any) -> Fact:
    told = {
        **order_data(member_id=member_id, order_id=ids.new_id("ord"), status=status),
        **data,
    }
    return made(f"{told['order_id']}:{status}", f"order.{status}", at, told)


def queue_event(*facts: Fact) -> dict[str, Any]:
    """An event as Lambda gives it to a consumer of the queue; message ids are m0, m1, ..."""
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "receiptHandle": "handle",
                "body": msgspec.json.encode(fact).decode(),
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:ap-southeast-1:123456789012:jifen-dev-notify",
                "awsRegion": "ap-southeast-1",
            }
            for number, fact in enumerate(facts)
        ]
    }
