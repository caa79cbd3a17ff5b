"""Each function has permissions on its own resources only."""

from __future__ import annotations

import json

import pytest

from tests.iam import allows, as_list, resource_of
from tests.infra.templates import Packaged

FUNCTIONS = (
    "APIHandler", "Authorize", "MembersRelay", "TiersRelay", "EarningRelay", "CountActivities",
    "ReviewTiers",
    "CatalogRelay", "StockRelay", "LedgerRelay",
    "OrdersRelay",
    "NotifyMembers", "CheckUploads", "FulfilOrders", "ApplyUnmatched", "SweepOrders",
    "PaymentsRelay", "SettlePayments", "SweepPayments",
    "WithdrawalsRelay", "SyncWithdrawals", "SweepWithdrawals",
    "ExpirePoints", "RemindExpiry", "SweepHolds", "SweepRefunds", "SweepReferrals",
    "SweepCampaigns", "SweepCoupons", "NoteRisk", "AssessRisk",
    "CouponsRelay", "CampaignsRelay", "CountPurchases",
    "VerifyLedger", "VerifySegments", "VerifyStock", "CloseDays", "ReconcileDay", "RankGoods",
    "ReplayEvents",
    "MarkInvoices",
    "SettleDay", "RebuildSettlements", "IndexGoods", "RebuildIndex", "AnswerRequests",
)  # fmt: skip
# Source: X-Ray knows no resources in policies.
WITHOUT_RESOURCES = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
SENDS_TEXTS = {"APIHandler", "NotifyMembers"}
SENDS_LETTERS = {"APIHandler", "NotifyMembers"}
PUBLISHES_FACTS = {
    "MembersRelay",
    "CatalogRelay",
    "LedgerRelay",
    "OrdersRelay",
    "PaymentsRelay",
    "WithdrawalsRelay",
    "TiersRelay",
    "CouponsRelay",
    "CampaignsRelay",
    "EarningRelay",
    "RemindExpiry",
}
ASKS_THE_PROVIDER = {
    "APIHandler",
    "SettlePayments",
    "SweepOrders",
    "SweepPayments",
    "SyncWithdrawals",
    "SweepWithdrawals",
    "ReconcileDay",
}


def test_every_function_has_a_role_of_its_own(dev: Packaged) -> None:
    roles = [json.dumps(function["Role"]) for function in dev.functions.values()]
    assert (set(dev.functions), len(set(roles))) == (set(FUNCTIONS), len(FUNCTIONS))
    of_functions = {function["Role"]["Fn::GetAtt"][0] for function in dev.functions.values()}
    assert set(dev.of_type("AWS::IAM::Role")) == of_functions | {"ApiGatewayLogsRole"}
    assert all(
        "ManagedPolicyArns" not in dev.resources[role]["Properties"] for role in of_functions
    )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_policy_names_its_actions_and_resources(dev: Packaged, function: str) -> None:
    for statement in dev.statements(function):
        actions = as_list(statement["Action"])
        assert [action for action in actions if "*" in action] == []
        assert (statement["Effect"], "NotAction" in statement) == ("Allow", False)
        if "NotResource" in statement:
            # A phone has no ARN: everything but topics is how IAM says it.
            assert actions == ["sns:Publish"]
            assert resource_of(statement["NotResource"]) == "arn:AWS::Partition:sns:*:*:*"
        elif "*" in as_list(statement["Resource"]):
            assert set(actions) <= WITHOUT_RESOURCES


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_writes_to_its_own_log_only(dev: Packaged, function: str) -> None:
    own = dev.functions[function]["LoggingConfig"]["LogGroup"]["Ref"]
    for statement in dev.statements(function):
        if "logs:PutLogEvents" in as_list(statement["Action"]):
            assert statement["Resource"] == {"Fn::GetAtt": [own, "Arn"]}
    assert allows(dev.statements(function), "logs:CreateLogStream", f"{own}.Arn")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_reads_its_own_source_only(dev: Packaged, function: str) -> None:
    statements = dev.statements(function)
    streams = {each: source["Stream"] for each, source in dev.sources("DynamoDB").items()}
    queues = {each: source["Queue"] for each, source in dev.sources("SQS").items()}
    for owner, stream in streams.items():
        for action in ("GetRecords", "GetShardIterator", "DescribeStream"):
            allowed = allows(statements, f"dynamodb:{action}", resource_of(stream))
            assert allowed == (stream == streams.get(function)), owner
    for owner, queue in queues.items():
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
            assert allows(statements, f"sqs:{action}", resource_of(queue)) == (owner == function)
    parks = allows(statements, "s3:PutObject", "ParkedRecordsBucket.Arn/record")
    lists = allows(statements, "s3:ListBucket", "ParkedRecordsBucket.Arn")
    reads = allows(statements, "s3:GetObject", "ParkedRecordsBucket.Arn/record")
    assert parks == (function in streams)
    # The staff sees through the API what is parked.
    assert reads == (function == "APIHandler")
    assert lists == (parks or reads)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_listed_functions_may_publish_facts_texts_and_letters(
    dev: Packaged, function: str
) -> None:
    statements = dev.statements(function)
    texts = [each for each in statements if "NotResource" in each]
    assert bool(texts) == (function in SENDS_TEXTS)
    assert allows(statements, "sns:Publish", "FactsTopic") == (function in PUBLISHES_FACTS)
    letters = [each for each in statements if "ses:SendEmail" in as_list(each["Action"])]
    assert bool(letters) == (function in SENDS_LETTERS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_listed_functions_may_read_secrets(dev: Packaged, function: str) -> None:
    prefix = "arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:jifen-Stage"
    statements = dev.statements(function)
    reads = "secretsmanager:GetSecretValue"
    wants_keys = {
        "APIHandler",
        "Authorize",
        "LedgerRelay",
        "NotifyMembers",
        "FulfilOrders",
        # It walks lists by their signed cursors.
        "RankGoods",
        "SettlePayments",
        "SweepOrders",
        "SweepPayments",
        "SyncWithdrawals",
        "SweepWithdrawals",
        "AnswerRequests",
        # The id of a coupon that is given follows from its reference.
        "CountPurchases",
        # It seals the codes that lotteries give.
        "SweepCampaigns",
    }
    assert allows(statements, reads, f"{prefix}-keys-AbCdEf") == (function in wants_keys)
    wants_stripe = function in ASKS_THE_PROVIDER
    assert allows(statements, reads, f"{prefix}-stripe-AbCdEf") == wants_stripe
    for kind in ("partners", "sign-in"):
        wants = function == "APIHandler"
        assert allows(statements, reads, f"{prefix}-{kind}-AbCdEf") == wants


def test_only_verifications_a_new_ladder_and_segments_may_scan_and_no_function_may_change_tables(
    dev: Packaged,
) -> None:
    actions = {
        (function, action, resource_of(resource))
        for function in dev.functions
        for statement in dev.statements(function)
        for action in as_list(statement["Action"])
        for resource in as_list(statement.get("Resource", []))
        if action.startswith("dynamodb:")
    }
    scans = {each for each in actions if each[1] == "dynamodb:Scan"}
    assert scans == {
        ("CountActivities", "dynamodb:Scan", "TiersTable.Arn"),
        ("ReviewTiers", "dynamodb:Scan", "TiersTable.Arn"),
        # It tells segments by their query of all members, a page at a time.
        ("SweepCampaigns", "dynamodb:Scan", "MembersTable.Arn"),
        ("VerifySegments", "dynamodb:Scan", "LedgerTable.Arn"),
        ("VerifyStock", "dynamodb:Scan", "OrdersTable.Arn"),
    }
    assert [each for each in actions if each[1].endswith(("Table", "Backup"))] == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_settlement_functions_may_write_settlement_files(dev: Packaged, function: str) -> None:
    statements, file = dev.statements(function), "SettlementsBucket.Arn/settlements/2026-11-21"
    builds = function in {"SettleDay", "RebuildSettlements"}
    assert allows(statements, "s3:PutObject", file) == builds
    assert allows(statements, "s3:GetObject", file) == (builds or function == "APIHandler")
    assert not allows(statements, "s3:DeleteObject", file)
    asks = allows(statements, "sqs:SendMessage", "SettlementsQueue.Arn")
    assert asks == (function == "APIHandler")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_the_payments_consumer_may_queue_withdrawals(dev: Packaged, function: str) -> None:
    hands_on = allows(dev.statements(function), "sqs:SendMessage", "WithdrawalsQueue.Arn")
    assert hands_on == (function == "SettlePayments")


@pytest.mark.parametrize("function", ["SettlePayments", "SweepPayments"])
def test_the_functions_of_orders_may_not_pay_withdrawals_out(dev: Packaged, function: str) -> None:
    """A withdrawal's step checks the member's standing in the ledger in its transaction."""
    allowed = allows(dev.statements(function), "dynamodb:ConditionCheckItem", "LedgerTable.Arn")
    assert not allowed


def test_settlement_files_are_private_and_kept_in_every_version(dev: Packaged) -> None:
    bucket = dev.of_type("AWS::S3::Bucket")["SettlementsBucket"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert dev.resources["SettlementsBucket"]["DeletionPolicy"] == "Retain"


def test_a_page_may_read_a_settlement_by_its_link_and_do_nothing_else(dev: Packaged) -> None:
    bucket = dev.of_type("AWS::S3::Bucket")["SettlementsBucket"]
    [rule] = bucket["CorsConfiguration"]["CorsRules"]
    assert rule == {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
