"""`dead list|replay`: messages that failed too often in their consumer."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any, NamedTuple

from infra.cli.errors import CommandFailed
from infra.cli.ledger import Bar
from infra.cli.parked import age_of
from infra.cli.terminal import number

_DEAD = "-dead"
_LOOK_S, _PEEKS, _PAGE = 0.5, 5, 10
_MOVING = {"RUNNING", "CANCELLING"}


class Queue(NamedTuple):
    """A dead-letter queue, of the consumer that is called `name`."""

    name: str
    url: str
    arn: str
    messages: int
    tries: int

    @property
    def source_url(self) -> str:
        """The URL of the queue that its messages came from."""
        return _source_of(self.url)


def add_to(groups: Any) -> None:
    group = groups.add_parser("dead", help="messages in dead-letter queues")
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    listed = commands.add_parser("list", help="number, age, tries and facts of each queue")
    listed.set_defaults(run=_list)
    replay = commands.add_parser(
        "replay", help="move them back to the queue that they came from, and watch the result"
    )
    which = replay.add_mutually_exclusive_group(required=True)
    which.add_argument("queues", nargs="*", default=[], metavar="queue", help="such as notify")
    which.add_argument("--all", action="store_true", help="every queue that has dead messages")
    replay.add_argument(
        "--wait",
        type=_seconds,
        default=180,
        metavar="SECONDS",
        help="how long to watch them being taken, at most (default: 180)",
    )
    replay.add_argument(
        "--rest",
        type=_seconds,
        default=60,
        metavar="SECONDS",
        help="how long the counts must rest to be believed: SQS's lag a minute (default: 60)",
    )
    replay.set_defaults(run=_replay)


def _seconds(text: str) -> int:
    """Raises argparse's error unless it is 0 to 3600."""
    if not text.isdecimal() or int(text) > 3600:
        raise argparse.ArgumentTypeError("0 to 3600")
    return int(text)


def _list(_options: argparse.Namespace) -> None:
    queues = [each for each in _queues() if each.messages]
    if not queues:
        print("no message is dead")
        return
    print(f"{'queue':<14} {'messages':>8} {'oldest':>6}  reason, about")
    for queue in queues:
        seen = _peek(queue)
        sent = [int(each["Attributes"]["SentTimestamp"]) / 1000 for each in seen]
        oldest = age_of(datetime.fromtimestamp(min(sent), UTC)) if sent else "?"
        line = f"{queue.name:<14} {queue.messages:>8} {oldest:>6}"
        print(f"{line}  failed {number(queue.tries, 'time')}: {_about(seen)}")
        for each in seen:
            print(f"  message {each['MessageId']}: {_fact(each)}")
    print("The error of each stands in its consumer's log, under the message's id.")


def _about(seen: list[dict[str, Any]]) -> str:
    kinds = Counter(_decoded(each).get("type", "no fact") for each in seen)
    return ", ".join(f"{kind} ({number})" for kind, number in sorted(kinds.items())) or "?"


def _fact(message: dict[str, Any]) -> str:
    """Its type and id: never its data, which may be personal."""
    fact = _decoded(message)
    return f"{fact.get('type')} {fact.get('id')}" if "id" in fact else "no fact of ours"


def _decoded(message: dict[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(message["Body"])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _peek(queue: Queue) -> list[dict[str, Any]]:
    """Some of the messages, left visible."""
    seen: dict[str, dict[str, Any]] = {}
    for _ in range(_PEEKS):
        found = (
            _sqs()
            .receive_message(
                QueueUrl=queue.url,
                MaxNumberOfMessages=_PAGE,
                VisibilityTimeout=0,
                WaitTimeSeconds=1,
                MessageSystemAttributeNames=["All"],
            )
            .get("Messages", [])
        )
        news = {each["MessageId"]: each for each in found if each["MessageId"] not in seen}
        seen |= news
        if not news or len(seen) >= queue.messages:
            break
    return list(seen.values())


def _replay(options: argparse.Namespace) -> None:
    queues = _queues()
    if options.all:
        chosen = [each for each in queues if each.messages]
    else:
        chosen = [_named(name, queues) for name in dict.fromkeys(options.queues)]
    if not chosen:
        print("no message is dead")
    came_back = [queue.name for queue in chosen if not _move(queue, options.wait, options.rest)]
    if came_back:
        raise CommandFailed(f"not all were taken: {', '.join(came_back)}")


def _move(queue: Queue, wait_s: int, rest_s: int) -> bool:
    """Move a queue's messages and watch; whether all were taken, or wait and have not failed."""
    if not queue.messages:
        print(f"{queue.name}: no message is dead")
        return True
    _sqs().start_message_move_task(SourceArn=queue.arn)
    moved = _watch_move(queue)
    waiting, dead, is_known = _watch_queue(queue, moved, wait_s, rest_s)
    taken = max(0, moved - waiting - dead)
    print(f"{queue.name}: {moved} moved, {taken} taken, {waiting} waiting, {dead} dead again")
    if not is_known:
        print(f"  {queue.name} is not at rest: look at `dead list` in a minute")
    if waiting:
        print(f"  {queue.name} is tried again by itself: `dead list` tells whether they failed")
    return not dead


def _watch_move(queue: Queue) -> int:
    """Wait for the task's end; how many messages it moved.

    Raises CommandFailed.
    """
    bar, shown = Bar(queue.messages, "messages"), 0
    while True:
        told = _sqs().list_message_move_tasks(SourceArn=queue.arn, MaxResults=1)
        task = next(iter(told.get("Results", [])), {"Status": "RUNNING"})
        moved = int(task.get("ApproximateNumberOfMessagesMoved", 0))
        bar.show(moved - shown)
        shown = moved
        if task["Status"] not in _MOVING:
            break
        time.sleep(_LOOK_S)
    bar.end()
    if task["Status"] != "COMPLETED":
        why = task.get("FailureReason", task["Status"])
        raise CommandFailed(f"{queue.name}: {moved} moved, then it failed: {why}")
    return moved


def _watch_queue(queue: Queue, moved: int, wait_s: int, rest_s: int) -> tuple[int, int, bool]:
    """(waiting messages, dead messages, whether the counts rested for `rest_s`); False at time up.

    Source: Amazon SQS, GetQueueAttributes: the counts are approximate, right a minute after the
    last message was sent.
    """
    since = time.monotonic()
    deadline, seen = since + wait_s, (-1, -1)
    while True:
        counts, now = (min(moved, _depth(queue.source_url)), _depth(queue.url)), time.monotonic()
        if counts != seen or counts[0]:
            seen, since = counts, now
        is_known = not counts[0] and now - since >= rest_s
        if is_known or now >= deadline:
            return *counts, is_known
        time.sleep(_LOOK_S)


def _named(name: str, queues: list[Queue]) -> Queue:
    """Raises CommandFailed."""
    for each in queues:
        if name in (each.name, each.url.rpartition("/")[2]):
            return each
    raise CommandFailed(f"{name} is none of {', '.join(each.name for each in queues)}")


def _queues() -> list[Queue]:
    from chalicelib.kernel.config import config

    prefix = f"jifen-{config().stage}-"
    pages = _sqs().get_paginator("list_queues").paginate(QueueNamePrefix=prefix)
    urls = [url for page in pages for url in page.get("QueueUrls", []) if url.endswith(_DEAD)]
    return [_looked_into(_queue(url, prefix)) for url in sorted(urls)]


def _looked_into(queue: Queue) -> Queue:
    """The queue, counted by a peek when its count, which lags, is 0."""
    return queue if queue.messages else queue._replace(messages=len(_peek(queue)))


def _queue(url: str, prefix: str) -> Queue:
    name = url.rpartition("/")[2].removeprefix(prefix).removesuffix(_DEAD)
    policy = json.loads(_attributes(_source_of(url), "RedrivePolicy")["RedrivePolicy"])
    arn = _attributes(url, "QueueArn")["QueueArn"]
    return Queue(name, url, arn, _depth(url), int(policy["maxReceiveCount"]))


def _source_of(url: str) -> str:
    return url.removesuffix(_DEAD)


def _attributes(url: str, *names: str) -> dict[str, str]:
    found: dict[str, str] = _sqs().get_queue_attributes(QueueUrl=url, AttributeNames=list(names))[
        "Attributes"
    ]
    return found


def _depth(url: str) -> int:
    """Messages that wait, or are being handled."""
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    found = _attributes(url, *names)
    return sum(int(found[name]) for name in names)


def _sqs() -> Any:
    import boto3

    return boto3.client("sqs")
