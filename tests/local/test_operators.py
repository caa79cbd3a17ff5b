"""Acts of operators on the local stack: parked records and dead letters."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local.settings import ACCOUNT_ID, REGION, REPOSITORY
from tests.local.conftest import SAMPLE, Sample

PHONE = "+8613800138000"


def jifen(sample: Sample, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **SAMPLE, "JIFEN_HOME": str(sample.stack.home)}
    return subprocess.run(
        [sys.executable, "-m", "infra.cli", "--local", *arguments],
        cwd=REPOSITORY,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )


def parked(sample: Sample) -> set[str]:
    found = sample.client("s3").list_objects_v2(Bucket=sample.ref("Parked"))
    return {each["Key"].rpartition("/")[2] for each in found.get("Contents", [])}


def last_line(said: str) -> str:
    """The last line; progress may come before it on a slow machine."""
    return said.splitlines()[-1]


def named(out: str, name: str) -> str:
    [line] = [line for line in out.splitlines() if line.startswith(name)]
    return " ".join(line.split())


def test_a_poison_record_is_listed_shown_and_replayed_after_its_repair(
    sample: Sample,
) -> None:
    sample.drain()
    before = parked(sample)
    secret = {"needs": {"S": "cure-1"}, "phone": {"S": PHONE}}
    sample.put("cured", n={"N": "41"}, **secret)
    sample.drain()
    [name] = parked(sample) - before

    listed = jifen(sample, "parked", "list")
    assert (listed.returncode, listed.stderr) == (0, "")
    about = named(listed.stdout, name).split(" ", 2)
    assert about[2] == "1 jifen-relay, RetryAttemptsExhausted after 2 tries"

    shown = jifen(sample, "parked", "show", name)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "  INSERT cured (record " in shown.stdout
    assert shown.stdout.rstrip().endswith(": n, needs, phone, pk")
    assert PHONE not in shown.stdout
    assert PHONE in jifen(sample, "parked", "show", name, "--whole").stdout

    again = jifen(sample, "parked", "replay", name)
    assert (again.returncode, parked(sample) - before) == (1, {name})
    assert f"{name}: it stopped at record " in again.stdout
    assert "1 of 1 failed again and stay parked" in again.stderr
    assert 41 not in sample.notes("record")

    (sample.stack.home / "cure-1").touch()
    cured = jifen(sample, "parked", "replay", name)
    assert (cured.returncode, cured.stdout) == (0, f"{name}: 1 record taken\n")
    assert sample.notes("record").count(41) == 1
    assert parked(sample) == before
    gone = jifen(sample, "parked", "replay", name)
    assert (gone.returncode, gone.stdout) == (1, "")
    assert "nothing is parked under" in gone.stderr


def test_a_failing_relay_reports_its_error_and_the_record_stays_parked(sample: Sample) -> None:
    sample.drain()
    before = parked(sample)
    sample.put("raising", n={"N": "42"}, crash={"BOOL": True})
    sample.drain()
    [name] = parked(sample) - before
    again = jifen(sample, "parked", "replay", name)
    assert (again.returncode, again.stdout) == (1, f"{name}: RuntimeError: poison\n")
    assert parked(sample) - before == {name}
    sample.client("s3").delete_object(Bucket=sample.ref("Parked"), Key=key_of(sample, name))


def key_of(sample: Sample, name: str) -> str:
    found = sample.client("s3").list_objects_v2(Bucket=sample.ref("Parked"))["Contents"]
    [key] = [each["Key"] for each in found if each["Key"].endswith(name)]
    return str(key)


def test_a_dead_message_is_listed_and_replayed_after_its_repair(sample: Sample) -> None:
    sqs = sample.client("sqs")
    sample.drain()
    forget_dead(sample)
    fact = {"id": "evt_1", "type": "a.fact", "n": "dead-1", "needs": "cure-2", "phone": PHONE}
    sqs.send_message(QueueUrl=sample.ref("Work"), MessageBody=json.dumps(fact))
    sample.drain()

    listed = jifen(sample, "dead", "list")
    assert (listed.returncode, listed.stderr) == (0, "")
    about = named(listed.stdout, "work").split(" ", 3)
    assert (about[1], about[3]) == ("1", "failed 3 times: a.fact (1)")
    assert ": a.fact evt_1\n" in listed.stdout
    assert PHONE not in listed.stdout

    again = jifen(sample, "dead", "replay", "work", "--wait", "30", "--rest", "2")
    assert (again.returncode, last_line(again.stderr)) == (1, "jifen: not all were taken: work")
    assert again.stdout == "work: 1 moved, 0 taken, 0 waiting, 1 dead again\n"
    assert "dead-1" not in sample.notes("message")

    (sample.stack.home / "cure-2").touch()
    cured = jifen(sample, "dead", "replay", "--all", "--wait", "30", "--rest", "2")
    assert (cured.returncode, "jifen:" in cured.stderr) == (0, False)
    assert cured.stdout == "work: 1 moved, 1 taken, 0 waiting, 0 dead again\n"
    assert sample.notes("message").count("dead-1") == 1
    assert jifen(sample, "dead", "list").stdout == "no message is dead\n"
    unknown = jifen(sample, "dead", "replay", "nothing")
    assert (unknown.returncode, unknown.stderr) == (1, "jifen: nothing is none of work\n")


def forget_dead(sample: Sample) -> None:
    # A receive would miss those that another test has received and not deleted.
    sample.client("sqs").purge_queue(QueueUrl=sample.ref("WorkDead"))


def arn(queue: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{queue}"


def test_a_move_task_survives_a_restart_and_is_reported_like_on_aws(sample: Sample) -> None:
    sqs, dead = sample.client("sqs"), sample.ref("WorkDead")
    sample.drain()
    forget_dead(sample)
    sent = sqs.send_message(QueueUrl=dead, MessageBody='{"n": "moved-1"}')
    sqs.start_message_move_task(SourceArn=arn("jifen-dev-work-dead"), DestinationArn=idle(sample))
    [task] = sqs.list_message_move_tasks(SourceArn=arn("jifen-dev-work-dead"))["Results"]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 1)
    assert (task["DestinationArn"], "TaskHandle" in task) == (idle(sample), False)
    sample.stack.kill()
    sample.start_again()
    sqs = sample.client("sqs")
    [moved] = sqs.receive_message(QueueUrl=sample.ref("Idle"), MessageSystemAttributeNames=["All"])[
        "Messages"
    ]
    assert (moved["Body"], moved["Attributes"]["ApproximateReceiveCount"]) == (
        '{"n": "moved-1"}',
        "1",
    )
    assert moved["MessageId"] != sent["MessageId"]
    assert "Messages" not in sqs.receive_message(QueueUrl=sample.ref("WorkDead"))
    sqs.delete_message(QueueUrl=sample.ref("Idle"), ReceiptHandle=moved["ReceiptHandle"])


def idle(sample: Sample) -> str:
    asked = {"QueueUrl": sample.ref("Idle"), "AttributeNames": ["QueueArn"]}
    found: Any = sample.client("sqs").get_queue_attributes(**asked)
    return str(found["Attributes"]["QueueArn"])


@pytest.mark.parametrize(
    ("call", "asked", "code"),
    [
        ("start_message_move_task", {"SourceArn": arn("nobody")}, "ResourceNotFoundException"),
        ("start_message_move_task", {"SourceArn": arn("jifen-dev-work")}, "InvalidParameterValue"),
        (
            "start_message_move_task",
            {"SourceArn": arn("jifen-dev-work-dead"), "DestinationArn": arn("nobody")},
            "ResourceNotFoundException",
        ),
        ("list_message_move_tasks", {"SourceArn": arn("nobody")}, "ResourceNotFoundException"),
        ("cancel_message_move_task", {"TaskHandle": "x"}, "ResourceNotFoundException"),
    ],
)
def test_a_move_that_aws_refuses_is_refused_here(
    sample: Sample, call: str, asked: dict[str, str], code: str
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(sample.client("sqs"), call)(**asked)
    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_invoke_runs_a_function_and_returns_its_error(sample: Sample) -> None:
    from infra.local.resources import client

    functions = client("lambda", sample.stack.url)
    event = {"Records": [{"dynamodb": {"SequenceNumber": "1", "NewImage": {"n": {"N": "43"}}}}]}
    body = json.dumps(event)
    answer = functions.invoke(FunctionName="jifen-relay", Payload=body)
    assert json.loads(answer["Payload"].read()) == {"batchItemFailures": []}
    assert 43 in sample.notes("record")
    answer = functions.invoke(FunctionName="jifen-relay", Payload="{}")
    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"].read())["errorType"] == "KeyError"
    with pytest.raises(functions.exceptions.ResourceNotFoundException):
        functions.invoke(FunctionName="nobody", Payload="{}")
