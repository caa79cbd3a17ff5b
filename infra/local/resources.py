"""Makes the resources of infra/resources.yaml on the engines of this machine, at every start."""

import json
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.local import keys
from infra.local.aws_paths import RESTORE
from infra.local.errors import StackError
from infra.local.settings import ACCOUNT_ID, CREDENTIALS, REGION
from infra.local.template import Template, load

_TABLE_KEYS = (
    "TableName",
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "LocalSecondaryIndexes",
    "GlobalSecondaryIndexes",
)
_ACTIVE_S = 30.0


def client(service: str, endpoint: str) -> Any:
    """Give a client of an engine on this machine."""
    import boto3
    from botocore.config import Config

    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        config=Config(connect_timeout=2, read_timeout=30, retries={"total_max_attempts": 2}),
    )


def dynamodb_client(endpoint: str) -> Any:
    """Give a client of the engine."""
    return client("dynamodb", endpoint)


def name_all(template: Template, aws_endpoint: str) -> None:
    """Tell the template the names and ARNs that are known before anything is made."""
    for logical, written in template.of_type("AWS::DynamoDB::Table").items():
        template.refs[logical] = template.resolve(written["TableName"])
    for logical, written in template.of_type("AWS::S3::Bucket").items():
        name = template.refs[logical] = template.resolve(written["BucketName"])
        template.attributes[f"{logical}.Arn"] = f"arn:aws:s3:::{name}"
    for logical, written in template.of_type("AWS::SQS::Queue").items():
        name = template.resolve(written["QueueName"])
        template.refs[logical] = f"{aws_endpoint}/{ACCOUNT_ID}/{name}"
        template.attributes[f"{logical}.Arn"] = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{name}"
        template.attributes[f"{logical}.QueueName"] = name
    for logical, written in template.of_type("AWS::SNS::Topic").items():
        name = template.resolve(written["TopicName"])
        template.refs[logical] = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:{name}"
        template.attributes[f"{logical}.TopicArn"] = template.refs[logical]


def create_tables(dynamodb: Any, stage: str, *, streamed: bool = True) -> None:
    """Make the tables of a stage that are not there, with their streams or without any.

    Raises StackError.
    """
    make_tables(dynamodb, load(stage=stage), streamed=streamed)


def make_tables(dynamodb: Any, template: Template, *, streamed: bool = True) -> None:
    """Make missing tables and indexes, and tell the template their streams.

    Raises StackError.
    """
    for logical, written in template.of_type("AWS::DynamoDB::Table").items():
        wanted = template.resolve(written)
        if not streamed:
            wanted = {key: wanted[key] for key in wanted if key != "StreamSpecification"}
        table = _table(dynamodb, wanted)
        template.attributes[f"{logical}.Arn"] = table["TableArn"]
        if "LatestStreamArn" in table:
            template.attributes[f"{logical}.StreamArn"] = table["LatestStreamArn"]


def _table(dynamodb: Any, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    from botocore.exceptions import ClientError

    name = wanted["TableName"]
    try:
        table: Mapping[str, Any] = dynamodb.describe_table(TableName=name)["Table"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return _new_table(dynamodb, wanted)
    kept = {index["IndexName"] for index in table.get("LocalSecondaryIndexes", [])}
    asked = {index["IndexName"] for index in wanted.get("LocalSecondaryIndexes", [])}
    if kept != asked:
        raise StackError(f"{name} was made with other local indexes: make reset forgets the data")
    _add_indexes(dynamodb, wanted, table)
    return _with_stream(dynamodb, wanted, table)


def _new_table(dynamodb: Any, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    asked = {key: wanted[key] for key in _TABLE_KEYS if key in wanted}
    if "StreamSpecification" in wanted:
        asked["StreamSpecification"] = {"StreamEnabled": True, **wanted["StreamSpecification"]}
    made: Mapping[str, Any] = dynamodb.create_table(**asked)["TableDescription"]
    _wait_until_active(dynamodb, wanted["TableName"])
    if "TimeToLiveSpecification" in wanted:
        dynamodb.update_time_to_live(
            TableName=wanted["TableName"],
            TimeToLiveSpecification=wanted["TimeToLiveSpecification"],
        )
    return made


def _with_stream(
    dynamodb: Any, wanted: Mapping[str, Any], table: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The table with the stream that an earlier release made it without."""
    if "StreamSpecification" not in wanted or "LatestStreamArn" in table:
        return table
    stream = {"StreamEnabled": True, **wanted["StreamSpecification"]}
    dynamodb.update_table(TableName=wanted["TableName"], StreamSpecification=stream)
    _wait_until_active(dynamodb, wanted["TableName"])
    described: Mapping[str, Any] = dynamodb.describe_table(TableName=wanted["TableName"])["Table"]
    return described


def _add_indexes(dynamodb: Any, wanted: Mapping[str, Any], table: Mapping[str, Any]) -> None:
    kept = {index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])}
    for index in wanted.get("GlobalSecondaryIndexes", []):
        if index["IndexName"] in kept:
            continue
        dynamodb.update_table(
            TableName=wanted["TableName"],
            AttributeDefinitions=wanted["AttributeDefinitions"],
            GlobalSecondaryIndexUpdates=[{"Create": index}],
        )
        _wait_until_active(dynamodb, wanted["TableName"])


def _wait_until_active(dynamodb: Any, name: str) -> None:
    deadline = time.monotonic() + _ACTIVE_S
    while time.monotonic() < deadline:
        table = dynamodb.describe_table(TableName=name)["Table"]
        indexes = table.get("GlobalSecondaryIndexes", [])
        if {table["TableStatus"], *(index["IndexStatus"] for index in indexes)} == {"ACTIVE"}:
            return
        time.sleep(0.02)
    raise StackError(f"{name} did not become active within {_ACTIVE_S:.0f} s")


def make(endpoints: Mapping[str, str], template: Template, home: Path) -> dict[str, str]:
    """Make all missing resources; returns their attributes.

    Raises StackError.
    """
    make_tables(dynamodb_client(endpoints["dynamodb"]), template)
    make_aws(endpoints, template)
    keys.put(client("secretsmanager", endpoints["secrets_manager"]), home)
    return template.attributes


def make_aws(endpoints: Mapping[str, str], template: Template) -> None:
    """Make buckets with their kept objects, queues, topics and subscriptions, which servers
    that have just started lack."""
    _make_buckets(client("s3", endpoints["s3"]), template)
    urllib.request.urlopen(f"{endpoints['s3']}{RESTORE}", data=b"", timeout=_ACTIVE_S).close()
    _make_queues(client("sqs", endpoints["sqs"]), template)
    _notify(client("s3", endpoints["s3"]), template)
    sns = client("sns", endpoints["sns"])
    _make_topics(sns, template)
    _subscribe(sns, template)


def _make_buckets(s3: Any, template: Template) -> None:
    for written in template.of_type("AWS::S3::Bucket").values():
        name = template.resolve(written["BucketName"])
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})


def _notify(s3: Any, template: Template) -> None:
    """Let buckets tell their queues of new objects: of kept ones, restored before, they did."""
    for written in template.of_type("AWS::S3::Bucket").values():
        wanted = template.resolve(written).get("NotificationConfiguration", {})
        told = [
            {"QueueArn": each["Queue"], "Events": [each["Event"]]}
            for each in wanted.get("QueueConfigurations", [])
        ]
        if told:
            s3.put_bucket_notification_configuration(
                Bucket=template.resolve(written["BucketName"]),
                NotificationConfiguration={"QueueConfigurations": told},
            )


def _make_queues(sqs: Any, template: Template) -> None:
    queues = template.of_type("AWS::SQS::Queue").values()
    # A queue names the one that takes its dead letters, so that one comes first.
    for written in sorted(queues, key=lambda each: "RedrivePolicy" in each):
        wanted = template.resolve(written)
        attributes = {key: _text(value) for key, value in wanted.items() if key != "QueueName"}
        sqs.create_queue(QueueName=wanted["QueueName"], Attributes=attributes)


def _make_topics(sns: Any, template: Template) -> None:
    for written in template.of_type("AWS::SNS::Topic").values():
        sns.create_topic(Name=template.resolve(written["TopicName"]))


def _subscribe(sns: Any, template: Template) -> None:
    for written in template.of_type("AWS::SNS::Subscription").values():
        wanted = template.resolve(written)
        named = {"TopicArn", "Protocol", "Endpoint"}
        attributes = {key: _text(value) for key, value in wanted.items() if key not in named}
        sns.subscribe(
            TopicArn=wanted["TopicArn"],
            Protocol=wanted["Protocol"],
            Endpoint=wanted["Endpoint"],
            Attributes=attributes,
        )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, Mapping | list) else str(value)
