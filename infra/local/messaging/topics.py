"""Topics: who has subscribed, which messages each of them wants, and texts to phones."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any, NamedTuple

from infra.local.messaging.bodies import Attributes
from infra.local.messaging.broker import Broker
from infra.local.messaging.journal import MessageJournal
from infra.local.messaging.policies import Policy, policy_of
from infra.local.messaging.refusals import bad_topic_parameter, no_topic
from infra.local.settings import ACCOUNT_ID, REGION

NOTICE_ATTRIBUTE = "jifen.notice_id"


class Outgoing(NamedTuple):
    """A published message."""

    text: str
    attributes: Attributes


class Subscription(NamedTuple):
    """A queue that hears the messages of a topic that its policy wants."""

    arn: str
    topic: str
    queue_arn: str
    is_raw: bool
    wanted: Policy


class Topics:
    """The topics of this machine; messages go into queues before the answer."""

    def __init__(self, broker: Broker, journal: MessageJournal) -> None:
        self._broker, self._journal = broker, journal
        self._topics: dict[str, list[Subscription]] = {}

    def make(self, name: str) -> str:
        """The ARN of a topic, which is there from now on."""
        arn = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:{name}"
        self._topics.setdefault(arn, [])
        return arn

    def delete(self, arn: str) -> None:
        self._topics.pop(arn, None)

    def all(self) -> list[str]:
        return list(self._topics)

    def subscriptions(self, arn: str) -> list[Subscription]:
        """Raises Refused."""
        try:
            return self._topics[arn]
        except KeyError:
            raise no_topic() from None

    def subscribe(
        self, topic: str, protocol: str, queue_arn: str, attributes: dict[str, str]
    ) -> str:
        """Let a queue hear a topic; the subscription's ARN.

        Raises Refused.
        """
        known = self.subscriptions(topic)
        if protocol != "sqs":
            raise bad_topic_parameter("Protocol: only queues can subscribe on this machine")
        wanted = policy_of(attributes)
        is_raw = attributes.get("RawMessageDelivery") == "true"
        for each in known:
            if each.queue_arn == queue_arn:
                return each.arn
        arn = f"{topic}:{uuid.uuid4()}"
        known.append(Subscription(arn, topic, queue_arn, is_raw, wanted))
        return arn

    def publish(self, topic: str, message: Outgoing) -> str:
        """Put a message into each queue that wants it; its id.

        Raises Refused.
        """
        message_id = str(uuid.uuid4())
        for each in self.subscriptions(topic):
            queue = self._broker.with_arn(each.queue_arn)
            if queue is None or not each.wanted.passes(message.attributes):
                continue
            if each.is_raw:
                self._broker.send(queue, message.text, message.attributes)
            else:
                self._broker.send(queue, _envelope(topic, message_id, message), {})
        return message_id

    def send_text(self, phone: str, message: Outgoing) -> str:
        """Write a text to a phone down, once for each notice that it names; its id."""
        notice_id = _text_of(message, NOTICE_ATTRIBUTE)
        before = self._journal.sent_before(notice_id) if notice_id else None
        if before is not None:
            return before
        message_id = str(uuid.uuid4())
        self._journal.keep_text(message_id, phone, message.text, notice_id)
        return message_id


def _text_of(message: Outgoing, name: str) -> str | None:
    """The text of one of a message's attributes."""
    found = message.attributes.get(name)
    return None if found is None else found.get("StringValue")


def _envelope(topic: str, message_id: str, message: Outgoing) -> str:
    """The body for a queue without raw delivery."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told: dict[str, Any] = {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": topic,
        "Message": message.text,
        "Timestamp": now,
    }
    if message.attributes:
        told["MessageAttributes"] = {
            name: {"Type": value["DataType"], "Value": value.get("StringValue")}
            for name, value in message.attributes.items()
        }
    return json.dumps(told)
