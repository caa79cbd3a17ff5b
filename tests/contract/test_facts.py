"""One context declares each type of fact; each type is documented and handled by its queues."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns import events as campaigns
from chalicelib.catalog import events as catalog
from chalicelib.earning import events as earning
from chalicelib.finance.events import invoices, settlements
from chalicelib.kernel.store.facts import Fact, FactData, attributes_of, read_fact
from chalicelib.ledger import EntryRecorded
from chalicelib.ledger import events as ledger
from chalicelib.ledger.routes.views import EntryType
from chalicelib.notify import events as notify
from chalicelib.notify.rules import news_of
from chalicelib.orders import events as orders
from chalicelib.risk import events as risk
from chalicelib.tiers import events as tiers
from chalicelib.withdrawals import events as withdrawals
from infra.docs.facts import example_of, fact_kinds, fact_table
from infra.local.messaging.policies import Policy, policy_of

ROOT = Path(__file__).parents[2]
HEARD: dict[str, Iterable[type[FactData]]] = {
    "Fulfilment": orders.FULFILMENT,
    "Payments": orders.PAYMENTS,
    "Registrations": earning.HEARD,
    "Replays": earning.REPLAYS_HEARD,
    "Risk": risk.HEARD,
    "Purchases": campaigns.HEARD,
    "Tiers": tiers.HEARD,
    "Verifications": ledger.HEARD,
    "Invoices": invoices.HEARD,
    "Withdrawals": withdrawals.HEARD,
    "Search": catalog.SEARCH,
}
# Types that an earlier release sent to a queue, or that are forwarded to it.
OLD = {"Payments": {"withdrawal.approved"}, "Withdrawals": {"payment.news"}}
# Types that no topic has: they are sent to their queue alone.
SENT_ALONE = {"Fulfilment": {"order.import_part"}}
AT = "2026-11-21T08:00:00Z"
POINTS = (-5, 0, 5)
REFERENCES = ("order:ord_1", "transfer:trf_1", "transfer:trf_1:reversed", "shop:1:written_off")
KINDS = pytest.mark.parametrize("kind", fact_kinds(), ids=lambda kind: kind.TYPE)


class Loader(yaml.SafeLoader):
    """Reads a template without CloudFormation's functions."""


Loader.add_multi_constructor("!", lambda *_: None)


def subscriptions() -> dict[str, Any]:
    """The filter of each queue that subscribes to the facts' topic, None where it has none."""
    template = yaml.load((ROOT / "infra/resources.yaml").read_text("utf-8"), Loader)
    return {
        name.removesuffix("Subscription"): each["Properties"].get("FilterPolicy")
        for name, each in template["Resources"].items()
        if each.get("Type") == "AWS::SNS::Subscription" and each["Properties"]["Protocol"] == "sqs"
    }


@cache
def inbox() -> Policy:
    return policy_of({"FilterPolicy": json.dumps(subscriptions()["Notify"])})


def passes(policy: Policy, attributes: dict[str, str]) -> bool:
    return policy.passes(
        {name: {"DataType": "String", "StringValue": told} for name, told in attributes.items()}
    )


def example(kind: type[FactData], **data: Any) -> Fact[Any]:
    return Fact.of("x", AT, msgspec.convert({**example_of(kind)["data"], **data}, kind))


def entries(entry_type: str) -> list[Fact[Any]]:
    """Entries of a type with all combinations of what their notices depend on."""
    return [
        example(EntryRecorded, type=entry_type, points=points, moved=moved, reference=reference)
        for points, moved, reference in product(POINTS, POINTS, REFERENCES)
    ]


def test_the_table_of_facts_is_up_to_date() -> None:
    assert (ROOT / "docs/facts.md").read_text("utf-8") == fact_table()


def test_each_type_is_declared_once_by_the_context_that_publishes_it() -> None:
    types = [kind.TYPE for kind in fact_kinds()]
    assert sorted(set(types)) == types
    assert {kind.__module__.split(".")[2] for kind in fact_kinds()} == {"facts"}


@KINDS
def test_a_fact_is_read_back_as_it_was_sent(kind: type[FactData]) -> None:
    data = msgspec.convert(example_of(kind)["data"], kind, strict=True)
    sent = Fact.of("x", AT, data)
    assert (sent.type, sent.version) == (kind.TYPE, kind.VERSION)
    assert read_fact(msgspec.json.encode(sent).decode(), fact_kinds()) == sent


@KINDS
def test_a_fact_has_a_docstring_and_accepts_later_fields(kind: type[FactData]) -> None:
    assert (kind.__doc__ or "").strip()
    assert not kind.__struct_config__.forbid_unknown_fields
    assert not kind.__struct_config__.array_like


def test_facts_are_made_of_declared_data_alone() -> None:
    """Any other data would be an undeclared fact."""
    made = [
        f"{path.name}:{node.lineno}"
        for path in sorted((ROOT / "chalicelib").rglob("*.py"))
        if path != ROOT / "chalicelib/kernel/store/facts.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fact"
    ]
    assert made == []


def test_a_queue_receives_exactly_the_types_that_its_consumer_handles() -> None:
    filters = subscriptions()
    del filters["Notify"]
    assert set(filters) == set(HEARD)
    for queue, handlers in HEARD.items():
        wanted = {kind.TYPE for kind in handlers} - OLD.get(queue, set())
        wanted -= SENT_ALONE.get(queue, set())
        assert set(filters[queue]["type"]) == wanted, queue
    assert {kind.TYPE for kind in settlements.HEARD} == {"settlement.rebuild"}


@KINDS
def test_the_inbox_receives_exactly_the_types_that_it_handles(kind: type[FactData]) -> None:
    fact = example(kind)
    assert passes(inbox(), attributes_of(fact)) == (kind in notify.HEARD)


@pytest.mark.parametrize("entry_type", get_args(EntryType))
def test_the_inbox_receives_exactly_the_types_of_entries_that_may_be_news(entry_type: str) -> None:
    policy, told = inbox(), entries(entry_type)
    may_be_news = any(news_of(fact.data) for fact in told)
    assert {passes(policy, attributes_of(fact)) for fact in told} == {may_be_news}


@given(
    entry_type=st.sampled_from(get_args(EntryType)) | st.text(min_size=1),
    points=st.integers(),
    moved=st.integers(),
    reference=st.sampled_from(REFERENCES) | st.text(),
    unit=st.text(),
)
def test_each_entry_that_is_news_passes_to_the_inbox(entry_type: str, **data: Any) -> None:
    fact = example(EntryRecorded, type=entry_type, **data)
    if news_of(fact.data):
        assert passes(inbox(), attributes_of(fact))


@pytest.mark.parametrize("kind", notify.HEARD, ids=lambda kind: kind.TYPE)
def test_facts_of_earlier_releases_pass_to_the_inbox(kind: type[FactData]) -> None:
    """They had no attribute but `type`."""
    assert passes(inbox(), {"type": kind.TYPE})


def test_a_new_type_of_fact_or_entry_passes_to_the_inbox() -> None:
    """A later release may tell of it before its filter is in force."""
    assert passes(inbox(), {"type": "order.teleported"})
    assert passes(inbox(), {"type": EntryRecorded.TYPE, "entry_type": "bonus"})


def test_the_inbox_gets_no_internal_facts_except_waiting_gifts_and_new_devices() -> None:
    internal = {kind.TYPE for kind in notify.HEARD if kind.IS_INTERNAL}
    assert internal == {"transfer.escrowed", "member.new_device"}
