"""The template of `make package`, checked before AWS sees it."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.deploy.errors import PackagingFailed
from infra.deploy.finishing import finish
from tests.infra.conftest import ROOT
from tests.infra.templates import Packaged

# Source: quotas of API Gateway (resources of a REST API) and CloudFormation.
API_RESOURCES, TEMPLATE_RESOURCES, TEMPLATE_BYTES = 300, 500, 1024 * 1024
# Our own budget, so that there is room for as many routes again.
RESOURCES_AT_MOST = 120
RELAYS = {
    "MembersRelay": "MembersTable",
    "CatalogRelay": "CatalogTable",
    "StockRelay": "CatalogTable",
    "LedgerRelay": "LedgerTable",
    "OrdersRelay": "OrdersTable",
    "PaymentsRelay": "PaymentsTable",
    "WithdrawalsRelay": "PaymentsTable",
    "TiersRelay": "TiersTable",
    "CouponsRelay": "CouponsTable",
    "CampaignsRelay": "MarketingTable",
    "EarningRelay": "CampaignsTable",
}
CONSUMERS = {
    "NotifyMembers": "NotifyQueue", "FulfilOrders": "FulfilmentQueue",
    "CheckUploads": "UploadsQueue",
    "SettlePayments": "PaymentsQueue", "SyncWithdrawals": "WithdrawalsQueue",
    "MarkInvoices": "InvoicesQueue", "CountActivities": "TiersQueue",
    "ApplyUnmatched": "RegistrationsQueue", "NoteRisk": "RiskQueue",
    "CountPurchases": "PurchasesQueue",
    "VerifySegments": "VerificationsQueue", "ReplayEvents": "ReplaysQueue",
    "RebuildSettlements": "SettlementsQueue", "IndexGoods": "SearchQueue",
}  # fmt: skip
# Queues without facts.
# The API and S3 fill these queues by themselves: no fact does.
ASKED_BY_THE_API = {"SettlementsQueue", "UploadsQueue"}


def test_cfn_lint_finds_nothing(dev: Packaged) -> None:
    command = [Path(sys.executable).with_name("cfn-lint"), dev.path]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout + found.stderr) == (0, "")


def test_the_serverless_transform_accepts_the_template(deployed: dict[str, Any]) -> None:
    kinds = [resource["Type"] for resource in deployed.values()]
    assert [kind for kind in kinds if kind.startswith("AWS::Serverless")] == []
    assert kinds.count("AWS::Lambda::EventSourceMapping") == len(RELAYS) + len(CONSUMERS)
    assert kinds.count("AWS::ApiGateway::Stage") == 1


def test_the_template_is_far_below_the_limits_of_aws(
    dev: Packaged, deployed: dict[str, Any]
) -> None:
    segments = {
        "/".join(path.split("/")[:length])
        for path in dev.api["paths"]
        for length in range(1, len(path.split("/")) + 1)
    }
    assert len(segments) <= RESOURCES_AT_MOST < API_RESOURCES
    assert len(deployed) < TEMPLATE_RESOURCES
    assert dev.path.stat().st_size < TEMPLATE_BYTES
    assert len(json.dumps(deployed)) < TEMPLATE_BYTES


def test_cloudformation_can_read_the_yaml_of_the_template(dev: Packaged) -> None:
    kinds = (yaml.AliasToken, yaml.AnchorToken, yaml.TagToken)
    tokens = yaml.scan(dev.path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    assert [token for token in tokens if isinstance(token, kinds)] == []


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_template_is_of_one_stage(stage: str, request: pytest.FixtureRequest) -> None:
    packaged: Packaged = request.getfixturevalue(stage)
    parameter = packaged.template["Parameters"]["Stage"]
    assert (parameter["Default"], parameter["AllowedValues"]) == (stage, [stage])
    variables = [f["Environment"]["Variables"] for f in packaged.functions.values()]
    assert {each["JIFEN_STAGE"] for each in variables} == {stage}
    other = {"dev": "prod", "prod": "dev"}[stage]
    assert f"jifen-{other}" not in packaged.path.read_text("utf-8")


def test_stages_differ_in_names_and_settings_only(dev: Packaged, prod: Packaged) -> None:
    assert set(dev.resources) == set(prod.resources)
    assert all(dev.statements(name) == prod.statements(name) for name in dev.functions)


def test_each_function_is_found_by_its_handler(dev: Packaged) -> None:
    for function in dev.functions.values():
        module, _, name = function["Handler"].rpartition(".")
        assert callable(getattr(importlib.import_module(module), name))


def test_functions_run_on_arm_with_the_layer_that_was_packaged(dev: Packaged) -> None:
    runtime = f"python3.{sys.version_info.minor}"
    for function in dev.functions.values():
        assert (function["Architectures"], function["Runtime"]) == (["arm64"], runtime)
        assert function["Layers"] == [{"Ref": "ManagedLayer"}]
    assert dev.resources["ManagedLayer"]["Properties"]["CompatibleArchitectures"] == ["arm64"]


def test_api_gateway_waits_as_long_as_the_api_may_take(dev: Packaged) -> None:
    api = dev.functions["APIHandler"]
    assert (api["Timeout"], api["MemorySize"]) == (29, 1024)


def test_every_log_has_a_retention(dev: Packaged) -> None:
    groups = dev.of_type("AWS::Logs::LogGroup")
    used = [function["LoggingConfig"]["LogGroup"]["Ref"] for function in dev.functions.values()]
    assert len(set(used)) == len(dev.functions)
    assert set(used) | {"ApiAccessLogs"} == set(groups)
    assert all(group["RetentionInDays"] for group in groups.values())


@pytest.mark.parametrize(("function", "table"), RELAYS.items())
def test_a_relay_reads_the_stream_of_its_table_and_parks_failures(
    dev: Packaged, function: str, table: str
) -> None:
    source = dev.sources("DynamoDB")[function]
    assert source["Stream"] == {"Fn::GetAtt": [table, "StreamArn"]}
    assert source["StartingPosition"] == "TRIM_HORIZON"
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BisectBatchOnFunctionError"] is True
    # The relay parks unfit records itself; all other failures are outages, which may last.
    assert source["MaximumRetryAttempts"] == -1
    assert 0 < source["MaximumRecordAgeInSeconds"] < 24 * 3600  # a stream's own memory
    assert source["DestinationConfig"]["OnFailure"] == {
        "Type": "S3",
        "Destination": {"Fn::GetAtt": ["ParkedRecordsBucket", "Arn"]},
    }
    assert source["MetricsConfig"] == {"Metrics": ["EventCount"]}
    variables = dev.functions[function]["Environment"]["Variables"]
    assert variables["JIFEN_FACTS_TOPIC"] == {"Ref": "FactsTopic"}
    assert variables["JIFEN_PARKED_BUCKET"] == {"Ref": "ParkedRecordsBucket"}


def test_every_table_with_a_stream_has_one_or_two_relays(dev: Packaged) -> None:
    tables = dev.of_type("AWS::DynamoDB::Table")
    streamed = {name for name, table in tables.items() if "StreamSpecification" in table}
    assert (set(dev.sources("DynamoDB")), set(RELAYS.values())) == (set(RELAYS), streamed)
    # Source: DynamoDB Streams throttles more than two readers of a shard.
    readers = Counter(json.dumps(each["Stream"]) for each in dev.sources("DynamoDB").values())
    assert max(readers.values()) == 2


@pytest.mark.parametrize(("function", "queue"), CONSUMERS.items())
def test_a_consumer_reports_single_failures_and_has_dead_letters(
    dev: Packaged, function: str, queue: str
) -> None:
    source = dev.sources("SQS")[function]
    assert source["Queue"] == {"Fn::Sub": f"${{{queue}.Arn}}"}
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    queues = dev.of_type("AWS::SQS::Queue")
    timeout = dev.functions[function]["Timeout"]
    assert queues[queue]["VisibilityTimeout"] >= 2 * timeout
    redrive = queues[queue]["RedrivePolicy"]
    dead, _ = redrive["deadLetterTargetArn"]["Fn::GetAtt"]
    assert redrive["maxReceiveCount"] >= 5
    assert queues[dead]["MessageRetentionPeriod"] == 14 * 24 * 3600
    subscriptions = [
        (each["RawMessageDelivery"], each["Protocol"])
        for each in dev.of_type("AWS::SNS::Subscription").values()
        if each["Endpoint"] == {"Fn::GetAtt": [queue, "Arn"]}
    ]
    assert subscriptions == ([] if queue in ASKED_BY_THE_API else [(True, "sqs")])


def test_a_burst_of_messages_stays_within_the_providers_rate(
    dev: Packaged, deployed: dict[str, Any]
) -> None:
    """Three requests a message, a third of a second each, are a third of what Stripe takes."""
    limited = {name: each.get("ScalingConfig") for name, each in dev.sources("SQS").items()}
    at_most = {"MaximumConcurrency": 10}
    few = {"MaximumConcurrency": 2}
    asking = {"SettlePayments": at_most, "SyncWithdrawals": few}
    # These write one file, and ask nobody.
    writing = {"IndexGoods": few}
    assert limited == {**dict.fromkeys(CONSUMERS), **asking, **writing}
    mapping = deployed["SettlePaymentsSettlePaymentsSqsEventSource"]
    assert mapping["Properties"]["ScalingConfig"] == at_most


def test_every_consumer_is_known_to_these_tests(dev: Packaged) -> None:
    assert set(dev.sources("SQS")) == set(CONSUMERS)


def test_tables_are_protected_from_deletion(dev: Packaged) -> None:
    for name, table in dev.of_type("AWS::DynamoDB::Table").items():
        assert dev.resources[name]["DeletionPolicy"] == "Retain"
        assert table["DeletionProtectionEnabled"] is True
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert table["SSESpecification"] == {"SSEEnabled": True}
        assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_settings_of_a_resource_unknown_to_chalice_are_refused() -> None:
    template = {"Parameters": {"Stage": {}}, "Resources": {"RestAPI": _empty_api(), "Relay": {}}}
    with pytest.raises(PackagingFailed, match="adds to Relay, which Chalice does not make"):
        finish(template, "dev")


def _empty_api() -> dict[str, Any]:
    return {"Type": "AWS::Serverless::Api", "Properties": {"DefinitionBody": {}}}


def test_every_failure_has_an_alarm(dev: Packaged) -> None:
    alarms = dev.of_type("AWS::CloudWatch::Alarm")
    assert all(alarm["AlarmActions"] == [{"Ref": "AlarmsTopic"}] for alarm in alarms.values())
    assert all(alarm["AlarmDescription"] for alarm in alarms.values())

    def watched(metric: str) -> list[str]:
        return [
            json.dumps(each["Dimensions"])
            for alarm in alarms.values()
            for each in (
                alarm,
                *(m.get("MetricStat", {}).get("Metric", {}) for m in alarm.get("Metrics", [])),
            )
            if each.get("MetricName") == metric
        ]

    for function in RELAYS:
        mapping = f"{function}{function}DynamodbEventSource"
        assert any(function in each for each in watched("IteratorAge"))
        for metric in ("OnFailureDestinationDeliveredEventCount", "DroppedEventCount"):
            assert any(f'"{mapping}"' in each for each in watched(metric))
    for queue in dev.of_type("AWS::SQS::Queue"):
        dead = queue.endswith("DeadLetters")
        metric = "ApproximateNumberOfMessagesVisible" if dead else "ApproximateAgeOfOldestMessage"
        assert any(f'"{queue}"' in each for each in watched(metric))
    for table in dev.of_type("AWS::DynamoDB::Table"):
        for metric in ("ReadThrottleEvents", "WriteThrottleEvents"):
            assert any(f'"{table}"' in each for each in watched(metric))
    assert watched("5XXError")
    assert watched("RecordParked") == [
        json.dumps(
            [
                {"Name": "service", "Value": "jifen"},
                {"Name": "stage", "Value": {"Ref": "Stage"}},
            ]
        )
    ]


def test_alarms_watch_what_is_deployed(dev: Packaged, deployed: dict[str, Any]) -> None:
    referred = json.dumps(dev.of_type("AWS::CloudWatch::Alarm"))
    for name in (f"{relay}{relay}DynamodbEventSource" for relay in RELAYS):
        assert f'"Ref": "{name}"' in referred
        assert deployed[name]["Type"] == "AWS::Lambda::EventSourceMapping"
    stage = dev.resources["RestAPI"]["Properties"]["StageName"]
    (named,) = [
        each["Value"]
        for each in dev.of_type("AWS::CloudWatch::Alarm")["ApiFails"]["Dimensions"]
        if each["Name"] == "Stage"
    ]
    assert named == stage
