"""A small application for tests: it records what it receives."""

import json
import os
import time
from pathlib import Path
from typing import Any, ClassVar

from chalice.app import AuthRequest, AuthResponse, Chalice, DynamoDBEvent, Rate, Response, SQSEvent

from chalicelib.kernel.store import streams
from chalicelib.kernel.store.facts import Fact, FactData

app = Chalice(app_name="sample")
KNOWN: dict[str, Any] = {"age": 7, "ok": True}
HOME = Path(os.environ.get("JIFEN_HOME", "."))
NOTES, WAKE = HOME / "notes", HOME / "wake"


def note(kind: str, content: Any) -> None:
    """Append one line; several processes write to the file."""
    with NOTES.open("a") as sink:
        sink.write(json.dumps([kind, content]) + "\n")


def rest(kind: str, content: Any) -> None:
    """Note it, and continue when the test wakes us."""
    note(kind, content)
    deadline = time.monotonic() + 60
    while not WAKE.exists() and time.monotonic() < deadline:
        time.sleep(0.01)


@app.authorizer()
def authorize(request: AuthRequest) -> AuthResponse:
    if request.token == "Bearer broken":
        raise RuntimeError("no such luck")
    if request.token == "Bearer denied":
        return AuthResponse(routes=[], principal_id="nobody")
    if request.token != "Bearer good":
        raise Exception("Unauthorized")  # noqa: TRY002 - what API Gateway listens for
    return AuthResponse(routes=["*"], principal_id="ann", context=KNOWN)


@app.route("/echo/{name}", methods=["GET", "POST"], content_types=["application/json"])
def echo(name: str) -> Any:
    assert app.current_request is not None
    return app.current_request.to_original_event()


@app.route("/echo/fixed")
def fixed() -> dict[str, bool]:
    return {"fixed": True}


@app.route("/me", authorizer=authorize)
def me() -> Any:
    assert app.current_request is not None
    return app.current_request.context["authorizer"]


@app.route("/v1/webhooks/stripe", methods=["POST"])
def webhook() -> dict[str, bool]:
    assert app.current_request is not None
    event = app.current_request.json_body
    note("webhook", [event["type"], event["data"]["object"]["id"]])
    return {"received": True}


@app.route("/cookies")
def cookies() -> Response:
    return Response("hello", {"Set-Cookie": ["a=1", "b=2"], "Content-Type": "text/plain"}, 201)


@app.route("/die", methods=["POST"])
def die() -> None:
    os._exit(3)


@app.route("/rest/{name}")
def rested(name: str) -> dict[str, str]:
    rest("request", name)
    return {"rested": name}


@app.route("/remaining")
def remaining() -> dict[str, int]:
    return {"ms": app.lambda_context.get_remaining_time_in_millis()}


@app.route("/sleep/{seconds}")
def sleep(seconds: str) -> dict[str, int]:
    time.sleep(float(seconds))
    return {"pid": os.getpid()}


@app.on_dynamodb_record(stream_arn="in the template", batch_size=10)
def relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Note each record's `n`; one that is `poison` fails, one that is `crash` raises, one that
    `needs` a file fails until that is there."""
    for record in event.to_dict()["Records"]:
        image = record["dynamodb"]["NewImage"]
        if "crash" in image:
            raise RuntimeError("poison")
        missing = "needs" in image and not NOTES.with_name(image["needs"]["S"]).exists()
        if "poison" in image or missing:
            number = record["dynamodb"]["SequenceNumber"]
            return {"batchItemFailures": [{"itemIdentifier": number}]}
        note("record", int(image["n"]["N"]))
    return {"batchItemFailures": []}


@app.on_dynamodb_record(stream_arn="in the template", batch_size=10)
def tell(event: DynamoDBEvent) -> dict[str, Any]:
    """A relay as the mall has them; a record that is `poison` cannot be read."""
    return streams.relay(event, facts_of)


class Told(FactData, frozen=True):
    TYPE: ClassVar[str] = "told"

    n: int


def facts_of(change: streams.Change) -> list[Fact[Any]]:
    assert change.after is not None
    if "poison" in change.after:
        raise ValueError("poison")
    n = int(change.after["n"]["N"])
    return [Fact.of(f"told:{n}", "2026-11-21T08:00:00Z", Told(n))]


@app.on_sqs_message(queue="in the template", batch_size=5)
def consume(event: SQSEvent) -> dict[str, Any]:
    failed = []
    for record in event.to_dict()["Records"]:
        message = json.loads(record["body"])
        received = int(record["attributes"]["ApproximateReceiveCount"])
        if message.get("dies", 0) >= received:
            os._exit(3)
        if "rests" in message:
            rest("resting", message["n"])
        needed = message.get("needs")
        missing = needed is not None and not NOTES.with_name(needed).exists()
        if missing or message.get("fails", 0) >= received:
            failed.append({"itemIdentifier": record["messageId"]})
        else:
            note("message", message["n"])
    return {"batchItemFailures": failed}


@app.on_sqs_message(queue="in the template", batch_size=100, maximum_batching_window_in_seconds=20)
def gather(event: SQSEvent) -> None:
    """Note the numbers of a batch together."""
    note("gathered", [json.loads(record["body"]) for record in event.to_dict()["Records"]])


@app.schedule(Rate(1, unit=Rate.DAYS))
def sweep(event: Any) -> dict[str, str]:
    note("sweep", event.to_dict()["detail-type"])
    return {"at": event.to_dict()["time"]}


@app.schedule(Rate(1, unit=Rate.DAYS))
def nap(event: Any) -> dict[str, int]:
    rest("nap", os.getpid())
    return {"ms": event.context.get_remaining_time_in_millis()}


@app.schedule(Rate(1, unit=Rate.DAYS))
def lasting(event: Any) -> dict[str, int]:
    return {"ms": event.context.get_remaining_time_in_millis()}


@app.schedule(Rate(1, unit=Rate.DAYS))
def hasty(_: Any) -> None:
    time.sleep(60)
