"""Filter policies mean on this machine what they mean in SNS.

Source: Amazon SNS Developer Guide, "String value matching", "Key matching" and "Filter policy
constraints"; the cases are its own.
"""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local.messaging.bodies import Attributes
from infra.local.messaging.policies import MOST_COMBINATIONS, policy_of
from infra.local.messaging.refusals import Refused
from infra.local.template import load
from tests.local.message_server import Server

SPORT = "customer_interests"


def text(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}


def passes(policy: dict[str, Any], attributes: Attributes) -> bool:
    return policy_of({"FilterPolicy": json.dumps(policy)}).passes(attributes)


@pytest.mark.parametrize(
    ("rules", "wanted", "unwanted"),
    [
        (["rugby", "tennis"], ["rugby", "tennis"], ["baseball", "Rugby", "rugb"]),
        ([{"anything-but": ["rugby", "tennis"]}], ["baseball", "Rugby"], ["rugby", "tennis"]),
        ([{"anything-but": "rugby"}], ["baseball", "tennis", "rugby2"], ["rugby"]),
        ([{"exists": True}], ["rugby"], []),
        ([{"exists": False}], [], ["rugby"]),
        # Of the rules of an attribute, one must hold.
        (["rugby", {"anything-but": ["rugby", "tennis"]}], ["rugby", "baseball"], ["tennis"]),
        ([{"anything-but": ["rugby"]}, {"anything-but": ["tennis"]}], ["rugby", "tennis"], []),
        ([{"exists": False}, {"anything-but": ["rugby"]}], ["tennis"], ["rugby"]),
    ],
)  # fmt: skip
def test_a_text_passes_if_a_rule_holds(
    rules: list[Any], wanted: list[str], unwanted: list[str]
) -> None:
    policy = {SPORT: rules}
    assert [each for each in wanted if not passes(policy, {SPORT: text(each)})] == []
    assert [each for each in unwanted if passes(policy, {SPORT: text(each)})] == []


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (["rugby"], False), ([{"anything-but": ["rugby"]}], False), ([{"exists": True}], False),
        ([{"exists": False}], True), ([{"anything-but": ["rugby"]}, {"exists": False}], True),
    ],
)  # fmt: skip
def test_an_absent_attribute_passes_only_where_it_need_not_exist(
    rules: list[Any], expected: bool
) -> None:
    assert passes({SPORT: rules}, {"store": text("fans")}) == expected
    # Without any attribute, `exists: false` does not hold either.
    assert not passes({SPORT: rules}, {})


def test_each_attribute_of_a_policy_must_pass() -> None:
    policy = {"store": ["fans"], SPORT: [{"exists": False}, {"anything-but": ["rugby"]}]}
    assert passes(policy, {"store": text("fans"), SPORT: text("tennis")})
    assert passes(policy, {"store": text("fans")})
    assert not passes(policy, {"store": text("fans"), SPORT: text("rugby")})
    assert not passes(policy, {"store": text("other"), SPORT: text("tennis")})
    assert not passes(policy, {SPORT: text("tennis")})


def test_an_empty_policy_wants_everything() -> None:
    assert passes({}, {})
    assert policy_of({}).passes({SPORT: {"DataType": "String", "StringValue": "rugby"}})


def test_numbers_are_no_texts_and_binary_values_do_not_count() -> None:
    number: Attributes = {"n": {"DataType": "Number", "StringValue": "5"}}
    assert not passes({"n": ["5"]}, number)
    assert passes({"n": [{"exists": True}]}, number)
    binary: Attributes = {"n": {"DataType": "Binary", "BinaryValue": "NQ=="}}
    assert not passes({"n": [{"exists": True}]}, binary)
    assert passes({"n": [{"exists": False}]}, binary)


@pytest.mark.parametrize(
    "policy",
    [
        [], "x", {"a": "x"}, {"a": {"b": ["x"]}}, {"a": []}, {"a": [1]}, {"a": [None]},
        {"a": [{"prefix": "t"}]}, {"a": [{}]}, {"a": [{"exists": "false"}]},
        {"a": [{"exists": True, "prefix": "t"}]}, {"a": [{"anything-but": []}]},
        {"a": [{"anything-but": [1]}]}, {"a": [{"anything-but": {"prefix": "t"}}]},
        {"a": [{"anything-but": "x", "exists": True}]},
        {"$or": [{"a": ["x"]}, {"b": ["x"]}]},
        {str(n): ["x"] for n in range(6)},
        {"a": [str(n) for n in range(MOST_COMBINATIONS // 2 + 1)], "b": ["x", "y"]},
        {"a": [{"anything-but": [str(n) for n in range(MOST_COMBINATIONS + 1)]}]},
    ],
)  # fmt: skip
def test_a_policy_that_sns_or_this_machine_does_not_take_is_refused(policy: Any) -> None:
    with pytest.raises(Refused) as refused:
        policy_of({"FilterPolicy": json.dumps(policy)})
    assert refused.value.code == "InvalidParameter"


def test_a_policy_may_have_as_many_keys_and_combinations_as_sns_allows() -> None:
    many = {"a": [str(n) for n in range(MOST_COMBINATIONS)]} | {str(n): ["x"] for n in range(4)}
    assert not passes(many, {"a": text("7")})
    assert passes(many, {"a": text("7")} | {str(n): text("x") for n in range(4)})


@pytest.mark.parametrize(
    "settings",
    [
        {"FilterPolicy": json.dumps({"type": [{"prefix": "t"}]})},
        {"FilterPolicy": "{}", "FilterPolicyScope": "MessageBody"},
    ],
)
def test_a_refused_subscription_receives_nothing(server: Server, settings: dict[str, str]) -> None:
    with pytest.raises(ClientError) as refused:
        server.subscribe(server.work, **settings)
    assert refused.value.response["Error"]["Code"] == "InvalidParameter"
    server.sns.publish(TopicArn=server.topic, Message="bare")
    assert server.take() == []


def test_a_subscription_receives_the_messages_that_its_policy_wants(server: Server) -> None:
    wanted = {"type": ["tea"], "cup": [{"exists": False}, {"anything-but": ["paper"]}]}
    settings = {"FilterPolicy": json.dumps(wanted), "FilterPolicyScope": "MessageAttributes"}
    server.subscribe(server.work, RawMessageDelivery="true", **settings)
    sent = {
        "none": {"type": text("tea")},
        "paper": {"type": text("tea"), "cup": text("paper")},
        "glass": {"type": text("tea"), "cup": text("glass")},
        "milk": {"type": text("milk")},
    }
    entries = [
        {"Id": name, "Message": name, "MessageAttributes": attributes}
        for name, attributes in sent.items()
    ]
    entries.append({"Id": "bare", "Message": "bare"})
    server.sns.publish_batch(TopicArn=server.topic, PublishBatchRequestEntries=entries)
    assert server.bodies() == ["none", "glass"]


def test_sns_takes_every_filter_of_the_template() -> None:
    """Each value of one attribute goes with each of another: 150 of these in all."""
    for subscription in load().of_type("AWS::SNS::Subscription").values():
        policy_of({"FilterPolicy": json.dumps(subscription.get("FilterPolicy", {}))})
