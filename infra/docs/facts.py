"""The table of every type of fact that the mall publishes, read from the contexts' declarations."""

from __future__ import annotations

import os
import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import msgspec

if TYPE_CHECKING:
    from chalicelib.campaigns import Purchase
from chalicelib.campaigns import Purchase
from chalicelib.kernel.store.facts import FactData

HEADING = """\
# Facts

Made from the code by `.venv/bin/python -m infra.docs`: do not edit. A relay publishes each fact
to one SNS topic; each consumer has a queue of its own. Facts come at least once, in any order. A
message is `{id, type, version, occurred_at, data}`: `id` is opaque and the same whenever the same
fact comes again, and `occurred_at` is RFC 3339. `version` is that of the shape of `data`; states
before 2026-11-29 sent none, which is 1.

A shape only grows. A later version has more fields, and a reader leaves out those that it does not
know. A field that may be absent is not sent when it has nothing to tell. Amounts of cash are
minor units of `currency`, points are whole. An internal type is an errand between parts of the
mall: it is never sent to anybody outside.

A message has the attribute `type`, and some types have attributes that repeat a field. Internal
ones of which no member is told have the attribute `errand`. Filters of subscriptions read
attributes. A filter on one besides `type` must let pass messages without it (`exists: false`):
states before 2026-11-29 sent `type` alone.
"""
NAMES = {str: "text", int: "integer", bool: "boolean", dict: "object of texts"}
NAMES[Purchase] = "object"
SAMPLES: dict[str, Any] = {
    "at": "2026-11-21T08:00:00Z", "device": "Chrome · Windows",
    "network": "203.0.113.0/24", "session_id": "ses_0ck4l9v1g81m0q8mt4s0f2k9c4",
    "about": "pi_3Q2example", "amount": 1980, "balance_after": 1199, "before": "silver",
    "booked_at": "2026-11-22T00:00:00Z", "by": "staff", "carrier": "SF", "cash": 1980,
    "counted_at": "2026-11-21T08:00:00Z", "currency": "CNY", "days": 7,
    "due_at": "2026-12-01T08:00:00Z", "ended": "lapsed",
    "entry_id": "ent_b7uk4ixjchxbndk2kztg5vfnb4", "event": "late",
    "expected_by": "2026-12-01T16:00:00Z", "expires_at": "2026-12-31T16:00:00Z",
    "identity": "q2hlY2stb2YtYW4taWRlbnRpdHk", "intent": "pi_3Q2example",
    "instructions": "上海市黄浦区南京东路 1 号",
    "job_id": "job_7wq2m5tzr4xkcv3b6n2lpy5gae", "kind": "physical", "lines": 1,
    "member_id": "mbr_kq3vmtz5yzq2lr4b7xw6p2c5ne", "moved": 199, "note": "c2VhbGVk", "nth": 1,
    "orders": 1,
    "order_id": "ord_7wq2m5tzr4xkcv3b6n2lpy5gae", "order_status": "completed",
    "ours": "pay_7wq2m5tzr4xkcv3b6n2lpy5gae", "part": 3, "points": 199,
    "product_id": "prd_qk2nq5bzkmvnl2hwmbkqk5pnjh", "rating": 5, "reason": "damaged",
    "goods": {"CUP-RED": "prd_qk2nq5bzkmvnl2hwmbkqk5pnjh 2 1980"},
    "purchase": {
        "order_id": "ord_7wq2m5tzr4xkcv3b6n2lpy5gae", "version": 2, "state": "paid",
        "member_id": "mbr_kq3vmtz5yzq2lr4b7xw6p2c5ne", "kind": "physical", "points": 800,
        "at_ms": 1795248000000, "cash": 1980,
        "lines": [{
            "sku": "CUP-RED", "product_id": "prd_qk2nq5bzkmvnl2hwmbkqk5pnjh", "quantity": 1,
            "left": 1, "points": 800, "cash": 1980, "cost": 4100,
        }],
    },
    "coupon_id": "cpn_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "template_id": "ctp_7wq2m5tzr4xkcv3b6n2lpy5gae",
    "valid_until": "2026-12-21T16:00:00Z", "used_at": "2026-11-22T08:00:00Z",
    "used_by": "ord_7wq2m5tzr4xkcv3b6n2lpy5gae",
    "paid": 1980, "paid_at": "2026-11-21T08:00:00Z",
    "recipient": "c2VhbGVk", "reference": "order:ord_7wq2m5tzr4xkcv3b6n2lpy5gae",
    "referred_by": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe", "refunded": 0,
    "refund_id": "rfd_7wq2m5tzr4xkcv3b6n2lpy5gae",
    "return_id": "ret_7wq2m5tzr4xkcv3b6n2lpy5gae", "round": 1, "seq": 12,
    "review_id": "rvw_5c3bqbzkmvnl2hwmbkqk5pnjhm", "sku": "CUP-RED", "spend": 19900,
    "source": "partner:shop", "store_id": "sto_7wq2m5tzr4xkcv3b6n2lpy5gae",
    "tier": "gold", "title": {"zh-CN": "保温杯", "en": "Thermos cup"},
    "tracking_number": "SF1029384756", "transfer_id": "trf_7wq2m5tzr4xkcv3b6n2lpy5gae",
    "unit": "points", "units": {"prd_qk2nq5bzkmvnl2hwmbkqk5pnjh": 2},
    "until": "2027-11-30T16:00:00Z", "why": "activity",
    "unsettled": False, "version": 3, "withdrawal_id": "wdr_7wq2m5tzr4xkcv3b6n2lpy5gae",
}  # fmt: skip
OF_TYPES: dict[str, dict[str, Any]] = {
    "ledger.entry": {
        "type": "accrual",
        "source": "shop:order-77",
        "reference": "order_paid:shop:order-77:purchases",
        # Only a gift has one.
        "note": None,
    },
    "catalog.stock_crossed": {"level": "low", "mark": 20, "available": 20},
    "ledger.status": {"status": "under_review"},
    "member.merged": {"merged_id": "mbr_5c3bqbzkmvnl2hwmbkqk5pnjhm"},
    "member.signed_in": {"device": "3f9c1a0b7d2e4c55a1b04be2ff5f2f75"},
    "coupon.granted": {"title": {"zh-CN": "满 100 减 10", "en": "10 off 100"}, "source": "claim"},
    "coupon.received": {"title": {"zh-CN": "满 100 减 10", "en": "10 off 100"}},
    "coupon.returned": {"title": {"zh-CN": "满 100 减 10", "en": "10 off 100"}},
    "coupon.used": {"title": {"zh-CN": "满 100 减 10", "en": "10 off 100"}},
    "coupon.lapsing": {"title": {"zh-CN": "满 100 减 10", "en": "10 off 100"}},
    "tier.upgraded": {"title": {"zh-CN": "金卡会员", "en": "Gold"}},
    "tier.downgraded": {
        "title": {"zh-CN": "银卡会员", "en": "Silver"},
        "tier": "silver",
        "before": "gold",
        "why": "review",
    },
    "payment.news": {"type": "payment_intent.succeeded"},
    "withdrawal.news": {
        "type": "transfer.reversed",
        "about": "tr_3Qexample",
        "intent": None,
        "ours": SAMPLES["withdrawal_id"],
    },
}
ABOUT = (
    "withdrawal_id",
    "return_id",
    "transfer_id",
    "review_id",
    "order_id",
    "member_id",
    "job_id",
    "product_id",
)
AT = "2026-11-21T08:00:00Z"
_YES = {True: "yes", False: "no"}


@cache
def fact_kinds() -> tuple[type[FactData], ...]:
    """The types of facts that contexts declare in their `facts`, by name."""
    os.environ.setdefault("JIFEN_STAGE", "dev")
    import chalicelib
    from chalicelib.kernel.store.facts import FactData

    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        if module.name.split(".")[2:3] == ["facts"]:
            import_module(module.name)
    found, waiting = set[type[FactData]](), [FactData]
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        found.update(kind for kind in below if hasattr(kind, "TYPE"))
    ours = (kind for kind in found if kind.__module__.startswith("chalicelib."))
    return tuple(sorted(ours, key=lambda kind: kind.TYPE))


def example_of(kind: type[FactData]) -> dict[str, Any]:
    """A message of the type with the optional members that its case has."""
    own = {**SAMPLES, "status": kind.TYPE.partition(".")[2], **OF_TYPES.get(kind.TYPE, {})}
    fields = msgspec.structs.fields(kind)
    known = [each.name for each in fields if each.required or own[each.name] is not None]
    data = {name: own[name] for name in known}
    about = next((data[name] for name in ABOUT if name in data), "x")
    return {
        "id": data.get("entry_id", f"{kind.TYPE}:{about}"),
        "type": kind.TYPE,
        "version": kind.VERSION,
        "occurred_at": AT,
        "data": data,
    }


def fact_table() -> str:
    """docs/facts.md."""
    kinds = fact_kinds()
    rows = ["| type | version | context | for whom |", "|---|---|---|---|"]
    for kind in kinds:
        anchor = kind.TYPE.replace(".", "")
        whom = "internal" if kind.IS_INTERNAL else "anybody"
        link = f"[`{kind.TYPE}`](#{anchor})"
        rows.append(f"| {link} | {kind.VERSION} | {_context(kind)} | {whom} |")
    return "\n".join([HEADING, *rows, ""]) + "".join(map(_section, kinds))


def _context(kind: type[FactData]) -> str:
    return kind.__module__.split(".")[1]


def _section(kind: type[FactData]) -> str:
    hints = get_type_hints(kind)
    fields = [
        f"| `{each.name}` | {_named(hints[each.name], each.required)} | {_YES[each.required]} |"
        for each in msgspec.structs.fields(kind)
    ]
    example = msgspec.json.format(msgspec.json.encode(example_of(kind)), indent=2).decode()
    return "\n".join(
        [
            f"\n## {kind.TYPE}\n",
            *_said(kind),
            "| field | type | always there |",
            "|---|---|---|",
            *fields,
            "",
            *_attributes(kind),
            "```json",
            example,
            "```",
            "",
        ]
    )


def _attributes(kind: type[FactData]) -> list[str]:
    """The message attributes of the type beside `type`."""
    told = [f"the attribute `{name}` repeats `{field}`" for name, field in kind.ATTRIBUTES.items()]
    return [f"In messages, {' and '.join(told)}.\n"] if told else []


def _said(kind: type[FactData]) -> list[str]:
    """The docstring of the type; before it stands that of the shape which it shares."""
    shared = [base for base in kind.__mro__[1:] if base.__module__ == kind.__module__]
    return [f"{_flowing(each.__doc__ or '')}\n" for each in (kind, *shared)]


def _flowing(doc: str) -> str:
    paragraphs = (" ".join(part.split()) for part in doc.strip().split("\n\n"))
    return "\n\n".join(paragraphs)


def _named(hint: Any, is_always_there: bool) -> str:
    kinds = [each for each in (get_args(hint) or (hint,)) if each is not type(None)]
    if getattr(hint, "__origin__", None) is dict:
        return "object of integers" if get_args(hint)[1] is int else NAMES[dict]
    nullable = " or null" if is_always_there and type(None) in get_args(hint) else ""
    return " or ".join(NAMES[each] for each in kinds) + nullable
