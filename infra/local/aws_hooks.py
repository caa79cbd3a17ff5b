"""Makes moto's S3 and SES durable, and lets S3 tell our own queues of new objects."""

import json
import time
from typing import Any

from moto.core.responses import ActionResult
from moto.s3 import notifications
from moto.s3.models import FakeKey, S3Backend, s3_backends
from moto.ses.models import SESBackend
from moto.ses.responses import EmailResponse

from infra.local.journal import Journal, Notice
from infra.local.queue_api import QueueApi
from infra.local.settings import ACCOUNT_ID

NOTICE_TAG = "notice_id"


def _objects_backend() -> S3Backend:
    return s3_backends[ACCOUNT_ID]["aws"]


def hook_email(journal: Journal) -> None:
    """Send each letter once for its notice, and write it down."""
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


def hook_notifications(messages: str) -> None:
    """Send what S3 tells of objects to the message server, before the request is answered.

    moto would send it to a queue of its own. A request fails if its news cannot be sent.
    """
    queues: list[QueueApi] = []

    # moto names what it gives.
    def send(
        account_id: str,
        event_body: Any,
        queue_name: str,
        region_name: str,  # noqa: ARG001
    ) -> None:
        if not queues:
            queues.append(QueueApi(messages))
        url = f"{messages}/{account_id}/{queue_name}"
        queues[0].call("SendMessage", {"QueueUrl": url, "MessageBody": json.dumps(event_body)})

    notifications._send_sqs_message = send


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
