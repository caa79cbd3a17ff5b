"""One context declares each type of fact; each type is documented and handled by its queues."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from chalicelib.earning import events as earning
from chalicelib.finance.events import invoices, settlements
from chalicelib.kernel.store.facts import Fact, FactData, Handlers, read_fact
from chalicelib.ledger import events as ledger
from chalicelib.notify import events as notify
from chalicelib.orders import events as orders
from chalicelib.withdrawals import events as withdrawals
from infra.docs.facts import example_of, fact_kinds, fact_table

ROOT = Path(__file__).parents[2]
HEARD: dict[str, Handlers] = {
    "Fulfilment": orders.FULFILMENT,
    "Payments": orders.PAYMENTS,
    "Registrations": earning.HEARD,
    "Verifications": ledger.HEARD,
    "Invoices": invoices.HEARD,
    "Withdrawals": withdrawals.HEARD,
}
# Types that an earlier release sent to a queue, or that are forwarded to it.
OLD = {"Payments": {"withdrawal.approved"}, "Withdrawals": {"payment.news"}}
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


def test_the_table_of_facts_is_up_to_date() -> None:
    assert (ROOT / "docs/facts.md").read_text("utf-8") == fact_table()


def test_each_type_is_declared_once_by_the_context_that_publishes_it() -> None:
    types = [kind.TYPE for kind in fact_kinds()]
    assert sorted(set(types)) == types
    assert {kind.__module__.split(".")[2] for kind in fact_kinds()} == {"facts"}


@KINDS
def test_a_fact_is_read_back_as_it_was_sent(kind: type[FactData]) -> None:
    data = msgspec.convert(example_of(kind)["data"], kind, strict=True)
    sent = Fact.of("x", "2026-11-21T08:00:00Z", data)
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
    assert filters.pop("Notify") is None
    assert set(filters) == set(HEARD)
    for queue, handlers in HEARD.items():
        wanted = {kind.TYPE for kind in handlers} - OLD.get(queue, set())
        assert set(filters[queue]["type"]) == wanted, queue
    assert {kind.TYPE for kind in settlements.HEARD} == {"settlement.rebuild"}


def test_the_inbox_gets_no_internal_facts_except_waiting_gifts() -> None:
    internal = {kind.TYPE for kind in notify.HEARD if kind.IS_INTERNAL}
    assert internal == {"transfer.escrowed"}
