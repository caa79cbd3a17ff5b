"""The commands of operators on the stack of this machine: `./jifen --local`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64encode
from typing import Any

from chalicelib.ledger.queries import FIRST_DAY
from infra.local.resources import client
from infra.local.settings import ACCOUNT_ID, REGION, REPOSITORY
from tests.stack.mall import Mall, read

MINUTES_S = 180
LATER = "2999-12"
NOT_OVER = "jifen: This day is not over: It is settled from "


def jifen(home: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "infra.cli", *arguments]
    # Whatever the shell is set up for is not meant.
    shell = {"AWS_PROFILE": "nobody", "JIFEN_STAGE": "prod", "JIFEN_HOME": home}
    return subprocess.run(
        command,
        cwd=REPOSITORY,
        env={**os.environ, **shell},
        check=False,
        capture_output=True,
        text=True,
    )


def test_a_command_finds_the_local_stack_and_uses_its_clock(mall: Mall) -> None:
    read(mall.post("/_local/clock", {"advance_seconds": MINUTES_S}))
    info = read(mall.get("/_local/info"))
    [giver] = mall.members(1, points=100)
    gift = {"to": {"phone": mall.new_phone()}, "points": 40}
    sent = mall.post("/v1/me/points/transfers", gift, as_=giver.token, key=mall.new_key())
    read(sent, 201)
    mall.drain()
    verified = jifen(info["data_folder"], "--local", "verify", "--segments", "1")
    assert (verified.returncode, verified.stdout.splitlines()[-1]) == (0, "problems 0")
    settled = jifen(info["data_folder"], "--local", "settle", "--date", str(FIRST_DAY))
    nothing = f"{FIRST_DAY} has no settlement: nothing had moved yet\n"
    assert (settled.returncode, settled.stdout) == (0, nothing)
    who = ("--phone", mall.new_phone(), "--role", "agent")
    granted = jifen(info["data_folder"], "--local", "members", "grant", *who)
    assert (granted.returncode, granted.stderr) == (0, "")
    assert granted.stdout.splitlines()[-1].split()[-1] > info["now"]
    refused = jifen(info["data_folder"], "--local", "settle", "--month", LATER)
    assert (refused.returncode, refused.stderr[: len(NOT_OVER)]) == (1, NOT_OVER)


PARKED = f"jifen-dev-parked-{ACCOUNT_ID}"
WELCOME = "member.registered"


class Night:
    """The engines behind the mall, and a member whose welcome was lost."""

    def __init__(self, mall: Mall) -> None:
        self.mall, self.info = mall, read(mall.get("/_local/info"))
        [self.member] = mall.members(1)
        mall.drain()
        assert self.inbox() == [WELCOME]
        table, owner = "jifen-dev-notify", {":pk": {"S": f"MBR#{self.member.id}"}}
        asked = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": owner}
        for item in self.client("dynamodb").query(TableName=table, **asked)["Items"]:
            key = {name: item[name] for name in ("pk", "sk")}
            self.client("dynamodb").delete_item(TableName=table, Key=key)
        assert self.inbox() == []

    def client(self, service: str) -> Any:
        return client(service, self.info["aws_endpoints"][service])

    def inbox(self) -> list[str]:
        return [each["type"] for each in self.mall.pages("/v1/me/notifications", self.member)]

    def jifen(self, *arguments: str) -> str:
        """The output of a successful command."""
        ended = jifen(self.info["data_folder"], "--local", *arguments)
        # Progress goes there, too, where a machine is slow.
        assert (ended.returncode, "jifen:" in ended.stderr) == (0, False)
        return ended.stdout

    def park(self) -> str:
        """Park the record of the registration like Lambda; returns its name."""
        key = {"pk": {"S": f"MBR#{self.member.id}"}, "sk": {"S": "PROFILE"}}
        item = self.client("dynamodb").get_item(TableName="jifen-dev-members", Key=key)["Item"]
        change = {"SequenceNumber": "1", "Keys": key, "NewImage": _as_streamed(item)}
        event = {"Records": [{"eventName": "INSERT", "dynamodb": change}]}
        asked = {
            "functionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:jifen-members_relay",
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 9,
        }
        written = {
            "requestContext": asked,
            "timestamp": "2026-11-29T03:12:44.000Z",
            "payload": json.dumps(event),
        }
        name = f"2026-11-29T03.12.44-{self.member.id[4:]}"
        body = json.dumps(written).encode()
        self.client("s3").put_object(Bucket=PARKED, Key=f"aws/lambda/x/{name}", Body=body)
        return name


def _as_streamed(item: dict[str, Any]) -> dict[str, Any]:
    """Bytes are base64 text in a record's image."""
    return {
        name: {kind: b64encode(value).decode() if kind == "B" else value}
        for name, typed in item.items()
        for kind, value in typed.items()
    }


def test_a_replayed_parked_record_reaches_its_member(mall: Mall) -> None:
    night = Night(mall)
    name = night.park()
    assert f"{name} " in night.jifen("parked", "list")
    shown = night.jifen("parked", "show", name)
    assert f"INSERT MBR#{night.member.id} PROFILE" in shown
    assert night.jifen("parked", "replay", name) == f"{name}: 1 record taken\n"
    mall.drain()
    assert night.inbox() == [WELCOME]
    assert name not in night.jifen("parked", "list")


def test_an_unreadable_record_is_parked_again_until_it_is_dropped(mall: Mall) -> None:
    night = Night(mall)
    table, key = "jifen-dev-members", {"pk": {"S": f"MBR#{mall.new_key()}"}, "sk": {"S": "PROFILE"}}
    broken = {**key, "body": {"B": b"not what any release wrote"}}
    night.client("dynamodb").put_item(TableName=table, Item=broken)
    mall.drain()
    home = night.info["data_folder"]
    [name] = [line.split()[0] for line in night.jifen("parked", "list").splitlines()[1:]]
    again = jifen(home, "--local", "parked", "replay", name)
    assert (again.returncode, again.stderr.splitlines()[-1]) == (
        1,
        "jifen: 1 of 1 failed again and stay parked",
    )
    assert again.stdout.startswith(f"{name}: 0 records taken, parked anew as ")
    anew = again.stdout.split()[-1]
    assert f"{anew} " in night.jifen("parked", "list")
    assert f"{anew} is dropped" in night.jifen("parked", "drop", anew, "--yes")
    assert night.jifen("parked", "list") == "nothing is parked\n"
    night.client("dynamodb").delete_item(TableName=table, Key=key)
    asked = {"params": {"subject": f"parked:{anew}"}}
    [act] = read(mall.get("/v1/admin/audit", as_=mall.person("admin").token, **asked))["data"]
    assert (act["action"], act["after"]["records"]) == ("parked.drop", 1)


def test_a_replayed_dead_message_reaches_its_member(mall: Mall) -> None:
    night = Night(mall)
    fact = {
        "id": f"{WELCOME}:{night.member.id}",
        "type": WELCOME,
        "occurred_at": "2026-11-29T03:12:44.000Z",
        "data": {"member_id": night.member.id},
    }
    sqs = night.client("sqs")
    queue = sqs.get_queue_url(QueueName="jifen-dev-notify-dead")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(fact))
    listed = night.jifen("dead", "list")
    assert f"failed 60 times: {WELCOME} (1)" in listed
    assert f"{WELCOME}:{night.member.id}" in listed
    moved = night.jifen("dead", "replay", "notify", "--wait", str(MINUTES_S), "--rest", "2")
    assert moved == "notify: 1 moved, 1 taken, 0 waiting, 0 dead again\n"
    mall.drain()
    assert night.inbox() == [WELCOME]
    assert "notify" not in night.jifen("dead", "list")


def test_changes_of_partners_are_audited_under_the_caller_of_aws(mall: Mall) -> None:
    night = Night(mall)
    made = night.jifen("partners", "add", "night-shop").splitlines()
    assert night.jifen("partners", "list").count("night-shop") == 1
    assert made[1].removeprefix("secret  ") not in night.jifen("partners", "list")
    assert "within five minutes" in night.jifen("partners", "remove", "night-shop", "--yes")
    assert "night-shop" not in night.jifen("partners", "list")
    asked = {"params": {"subject": "partner:night-shop"}}
    acts = read(mall.get("/v1/admin/audit", as_=mall.person("admin").token, **asked))["data"]
    assert [act["action"] for act in acts] == ["partner.remove", "partner.add"]
    assert {act["actor"]["member_id"] for act in acts} == {"operator:moto"}


def test_a_command_without_a_stack_reports_that(tmp_path: os.PathLike[str]) -> None:
    asked = jifen(str(tmp_path), "--local", "verify")
    assert (asked.returncode, asked.stdout) == (1, "")
    assert asked.stderr == f"jifen: no stack runs on {tmp_path}: make run starts one\n"


def test_a_command_takes_a_stage_or_the_local_stack_and_not_both(
    tmp_path: os.PathLike[str],
) -> None:
    asked = jifen(str(tmp_path), "--stage", "dev", "--local", "verify")
    assert asked.returncode == 2
    assert "not allowed with argument" in asked.stderr
