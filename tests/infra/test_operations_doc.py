"""What docs/operations.md says of a stage is what the template makes."""

from __future__ import annotations

import re

from infra.local.template import load
from tests.infra.conftest import ROOT

WORDS = {3: "three", 7: "seven", 9: "nine"}
TEXT = (ROOT / "docs/operations.md").read_text("utf-8")
TEMPLATE = load()


def names(kind: str, name: str) -> set[str]:
    written = TEMPLATE.of_type(kind).values()
    return {TEMPLATE.resolve(each[name]).removeprefix("jifen-dev-") for each in written}


def test_a_restore_names_every_table() -> None:
    tables = names("AWS::DynamoDB::Table", "TableName")
    [restored] = re.findall(r"^for table in (.+); do$", TEXT, re.MULTILINE)
    assert set(restored.split()) == tables
    counted = re.findall(r"restore all (\w+) to|with the (\w+) tables alone", TEXT)
    assert ["".join(each) for each in counted] == [WORDS[len(tables)]] * 2


def test_what_a_stage_keeps_and_what_it_costs_when_idle_is_counted() -> None:
    alarms = TEMPLATE.of_type("AWS::CloudWatch::Alarm").values()
    metrics = [
        sum("MetricStat" in metric for metric in alarm.get("Metrics", [])) or 1 for alarm in alarms
    ]
    assert f"| {sum(metrics)} metrics that {len(metrics)} alarms watch" in TEXT
    queues = names("AWS::SQS::Queue", "QueueName")
    polled = [queue for queue in queues if not queue.endswith("-dead")]
    assert f"Lambda asking {WORDS[len(polled)]} queues" in TEXT
    assert f"the {WORDS[len(TEMPLATE.of_type('AWS::S3::Bucket'))]} buckets" in TEXT
