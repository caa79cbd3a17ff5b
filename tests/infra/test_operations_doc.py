"""docs/operations.md agrees with the template of a stage."""

from __future__ import annotations

import re
import shlex

import pytest

from infra.cli.main import _parser
from infra.local.template import load
from tests.infra.conftest import ROOT

COUNTED = [
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
]
WORDS = dict(enumerate(COUNTED, 3))
TEXT = (ROOT / "docs/operations.md").read_text("utf-8")
DOCUMENTS = [TEXT, (ROOT / "README.md").read_text("utf-8")]
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


def test_the_document_counts_the_kept_resources_and_the_idle_costs_of_a_stage() -> None:
    alarms = TEMPLATE.of_type("AWS::CloudWatch::Alarm").values()
    metrics = [
        sum("MetricStat" in metric for metric in alarm.get("Metrics", [])) or 1 for alarm in alarms
    ]
    assert f"| {sum(metrics)} metrics that {len(metrics)} alarms watch" in TEXT
    queues = names("AWS::SQS::Queue", "QueueName")
    polled = [queue for queue in queues if not queue.endswith("-dead")]
    assert f"Lambda asking {WORDS[len(polled)]} queues" in TEXT
    assert f"the {WORDS[len(TEMPLATE.of_type('AWS::S3::Bucket'))]} buckets" in TEXT


def commands() -> list[str]:
    """Each `./jifen …` of a document, in a block or within a line."""
    found = [
        line.split("#")[0].strip()
        for text in DOCUMENTS
        for line in re.findall(r"(?:^|`)\s*(\./jifen [^`\n]+)", text, re.MULTILINE)
    ]
    return sorted({line.removesuffix("\\").strip() for line in found})


@pytest.mark.parametrize("command", commands())
def test_every_documented_command_is_parsed(command: str) -> None:
    options = _parser().parse_args(shlex.split(command)[1:])
    assert callable(options.run)
    assert options.local or options.stage == "prod"


def test_every_operator_command_is_documented() -> None:
    shown = " ".join(commands())
    for name in (
        "parked list",
        "parked show",
        "parked replay",
        "parked drop",
        "dead list",
        "dead replay",
        "partners add",
        "partners rotate",
        "partners list",
        "partners remove",
        "orders index",
        "members grant",
        "keys create",
        "stripe set-keys",
        "stripe rotate",
        "sign-in set-secret",
        "verify",
        "settle --date",
        "replay-rules",
    ):
        assert f" {name}" in shown, name


def test_every_alarm_has_one_row_in_the_document() -> None:
    table = TEXT.split("## Alarms")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([…A-Za-z]+)`(?: of a queue)? \|", table, re.MULTILINE)
    known = set(TEMPLATE.of_type("AWS::CloudWatch::Alarm"))
    ends = [row.removeprefix("…") for row in rows if row.startswith("…")]
    exact = {row for row in rows if not row.startswith("…")}
    assert exact <= known
    assert len(set(rows)) == len(rows)
    unknown = {name for name in known - exact if not name.endswith(tuple(ends))}
    assert unknown == set()
    assert [end for end in ends if not any(name.endswith(end) for name in known)] == []


def test_every_documented_target_of_make_exists() -> None:
    made = re.compile(r"(?:^|`)make ([a-z-]+)", re.MULTILINE)
    shown = {name for text in DOCUMENTS for name in made.findall(text)}
    there = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"package", "install"} <= shown <= there


def test_every_documented_setting_is_read() -> None:
    read = set(re.findall(r"JIFEN_[A-Z0-9_]+", (ROOT / "chalicelib/kernel/config.py").read_text()))
    read |= {"JIFEN_EMAIL_SENDER"}
    rows = re.findall(r"^\| (`JIFEN_[^|]+) \|", TEXT, re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"JIFEN_[A-Z0-9_]+", row)}
    assert told <= read
