"""Makes moto's SQS, SNS and SES write down what a restart must not lose, and S3's objects too."""

import copy
import time
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.models import FakeKey, S3Backend, s3_backends
from moto.ses.models import SESBackend
from moto.ses.responses import EmailResponse
from moto.sns.models import SNSBackend
from moto.sqs.models import (
    Message,
    Queue,
    SQSBackend,
    _filter_message_attributes,
    sqs_backends,
)

from infra.local import move_tasks
from infra.local.journal import Journal, Notice
from infra.local.settings import ACCOUNT_ID, REGION

NOTICE_ATTRIBUTE = "jifen.notice_id"
NOTICE_TAG = "notice_id"


def queues() -> dict[str, Queue]:
    """Give the queues of the server by name."""
    found: dict[str, Queue] = sqs_backends[ACCOUNT_ID][REGION].queues
    return found


def _objects_backend() -> S3Backend:
    return s3_backends[ACCOUNT_ID]["aws"]


def install(journal: Journal, arrived: Callable[[], None]) -> None:
    """Hook every place where moto changes what is kept; `arrived` hears of each new message."""
    _hook_queues(journal, arrived)
    _hook_purge(journal)
    _hook_sms(journal)
    _hook_email(journal)
    move_tasks.install(journal, queues)


def _hook_queues(journal: Journal, arrived: Callable[[], None]) -> None:
    add, delete = Queue.add_message, Queue.delete_message
    held: dict[str, Message] = {}

    def add_message(self: Queue, message: Message) -> None:
        add(self, message)
        journal.keep_message(message, self.name)
        arrived()

    def receive_message(self: SQSBackend, name: str, count: int, *rest: Any) -> list[Message]:
        found = _receive(self.get_queue(name), count, *rest)
        for message in found:
            held[str(message.receipt_handle)] = message
            journal.count_receive(message.id, message.approximate_receive_count)
        return [_shown(message, *rest) for message in found]

    def delete_message(self: Queue, receipt_handle: str) -> None:
        message = held.pop(receipt_handle, None)
        if message is None:
            delete(self, receipt_handle)
            return
        if message in self._messages:
            self._messages.remove(message)
        self.deleted_messages.add(receipt_handle)
        journal.drop_message(message.id)

    Queue.add_message = add_message  # type: ignore[method-assign]
    Queue.delete_message = delete_message  # type: ignore[method-assign]
    SQSBackend.receive_message = receive_message  # type: ignore[assignment]


def _hook_purge(journal: Journal) -> None:
    purge = SQSBackend.purge_queue

    def purge_queue(self: SQSBackend, queue_name: str) -> None:
        kept = [message.id for message in self.get_queue(queue_name)._messages]
        purge(self, queue_name)
        for message_id in kept:
            journal.drop_message(message_id)

    SQSBackend.purge_queue = purge_queue  # type: ignore[method-assign]


def _receive(
    queue: Queue, count: int, _wait_s: int, visibility_s: int, *_rest: Any
) -> list[Message]:
    """Take the oldest visible messages; moto would look at every message of the queue.

    Never waits: a long poll would hold the server's lock, and the pumps are woken otherwise.
    """
    found: list[Message] = []
    dead: list[Message] = []
    for message in queue._messages:
        if len(found) == count:
            break
        if not message.visible or message.delayed:
            continue
        policy = queue.redrive_policy
        if policy and message.approximate_receive_count >= int(policy["maxReceiveCount"]):
            dead.append(message)
            continue
        message.mark_received(visibility_s)
        found.append(message)
    for message in dead:
        queue._messages.remove(message)
        assert queue.dead_letter_queue is not None
        queue.dead_letter_queue.add_message(message)
    return found


def _shown(message: Message, _wait_s: int, _visible_s: int, names: Any = None) -> Message:
    """Give a copy that has the message attributes that were asked for."""
    shown = copy.copy(message)
    _filter_message_attributes(shown, names or [])
    return shown


def has_visible(queue: Queue) -> bool:
    """Whether a consumer would get a message now."""
    return any(message.visible and not message.delayed for message in queue._messages)


def _hook_sms(journal: Journal) -> None:
    publish = SNSBackend.publish

    def publish_once(self: SNSBackend, message: str, *rest: Any, **named: Any) -> str:
        phone = named.get("phone_number")
        if phone is None:
            return publish(self, message, *rest, **named)
        attributes = named.get("message_attributes") or {}
        notice_id = attributes.get(NOTICE_ATTRIBUTE, {}).get("Value")
        before = journal.sent_before("sms", notice_id) if notice_id else None
        if before is not None:
            return before
        sent_id = publish(self, message, *rest, **named)
        journal.keep_notice(Notice(sent_id, "sms", phone, None, message, notice_id, time.time()))
        return sent_id

    SNSBackend.publish = publish_once  # type: ignore[method-assign]


def _hook_email(journal: Journal) -> None:
    send = EmailResponse.send_email

    def send_once(self: EmailResponse) -> ActionResult:
        tags = {tag["Name"]: tag["Value"] for tag in self._get_param("Tags", [])}
        notice_id = tags.get(NOTICE_TAG)
        before = journal.sent_before("email", notice_id) if notice_id else None
        if before is not None:
            return ActionResult({"MessageId": before})
        answer = send(self)
        letter = self.backend.sent_messages[-1]
        for address in {each for kind in letter.destinations.values() for each in kind}:
            journal.keep_notice(
                Notice(
                    letter.id, "email", address, letter.subject, letter.body, notice_id, time.time()
                )
            )
        return answer

    EmailResponse.send_email = send_once  # type: ignore[method-assign]
    # Any sender is a verified one on this machine.
    SESBackend._is_verified_address = _anybody  # type: ignore[assignment,method-assign]


def _anybody(_backend: SESBackend, source: str) -> bool:
    return bool(source)


class Objects:
    """Brings the journal's objects and the server's buckets together."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._known: dict[tuple[str, str], FakeKey] = {}

    def write_changes(self) -> None:
        """Write the objects that were put or deleted since the last call."""
        found = {
            (bucket.name, name): key
            for bucket in _objects_backend().buckets.values()
            for name, key in bucket.keys.items()
            if isinstance(key, FakeKey)
        }
        for place, key in found.items():
            if self._known.get(place) is not key:
                self._journal.keep_object(*place, key.value, dict(key.metadata))
        for place in self._known.keys() - found.keys():
            self._journal.drop_object(*place)
        self._known = found

    def restore(self) -> None:
        """Put the kept objects into the buckets that are there again."""
        backend = _objects_backend()
        for bucket, name, body, metadata in self._journal.objects():
            if bucket in backend.buckets:
                key = backend.put_object(bucket, name, body)
                key.set_metadata(metadata, replace=True)
                self._known[bucket, name] = key


def restore_messages(journal: Journal) -> None:
    """Put the kept messages into their queues, visible: who had received one is gone."""
    there = queues()
    for name, receives, message in journal.messages():
        message.approximate_receive_count = receives
        message.visible_at = 0.0
        if name in there:
            there[name]._messages.append(message)
