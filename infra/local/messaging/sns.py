"""SNS's calls in its query protocol: forms in, XML out.

Source: Amazon SNS API reference; "AWS Query protocol" of Smithy.
"""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from infra.local.messaging.refusals import Refused, bad_topic_parameter, no_action
from infra.local.messaging.sqs import MOST_BYTES, MOST_ENTRIES, check_batch
from infra.local.messaging.topics import Outgoing, Topics
from infra.local.settings import ACCOUNT_ID

_NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/"

Params = dict[str, Any]


class Sns:
    """Answers calls."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._calls: dict[str, Callable[[Params], Params]] = {
            "CreateTopic": lambda asked: {"TopicArn": topics.make(asked["Name"])},
            "DeleteTopic": self._delete,
            "ListTopics": self._list,
            "Subscribe": self._subscribe,
            "ListSubscriptionsByTopic": self._list_subscriptions,
            "Publish": self._publish,
            "PublishBatch": self._publish_batch,
        }

    def answer(self, form: str) -> str:
        """Do the action of a form.

        Raises Refused.
        """
        asked = _nested(form)
        call = str(asked.get("Action"))
        known = self._calls.get(call)
        if known is None:
            raise no_action(call)
        result = _xml(known(asked))
        return (
            f'<{call}Response xmlns="{_NAMESPACE}"><{call}Result>{result}</{call}Result>'
            f"{_metadata()}</{call}Response>"
        )

    def _delete(self, asked: Params) -> Params:
        self._topics.delete(asked["TopicArn"])
        return {}

    def _list(self, _asked: Params) -> Params:
        return {"Topics": [{"TopicArn": arn} for arn in self._topics.all()]}

    def _subscribe(self, asked: Params) -> Params:
        attributes = {each["key"]: each["value"] for each in _members(asked.get("Attributes"))}
        made = self._topics.subscribe(
            asked["TopicArn"], asked["Protocol"], asked.get("Endpoint", ""), attributes
        )
        return {"SubscriptionArn": made}

    def _list_subscriptions(self, asked: Params) -> Params:
        return {
            "Subscriptions": [
                {
                    "SubscriptionArn": each.arn,
                    "Owner": ACCOUNT_ID,
                    "Protocol": "sqs",
                    "Endpoint": each.queue_arn,
                    "TopicArn": each.topic,
                }
                for each in self._topics.subscriptions(asked["TopicArn"])
            ]
        }

    def _publish(self, asked: Params) -> Params:
        message = _outgoing(asked)
        if _size(message) > MOST_BYTES:
            raise bad_topic_parameter("Message too long")
        if "PhoneNumber" in asked:
            return {"MessageId": self._topics.send_text(asked["PhoneNumber"], message)}
        topic = asked.get("TopicArn") or asked.get("TargetArn") or ""
        return {"MessageId": self._topics.publish(topic, message)}

    def _publish_batch(self, asked: Params) -> Params:
        entries = _members(asked.get("PublishBatchRequestEntries"))
        self._topics.subscriptions(asked["TopicArn"])
        check_batch([entry.get("Id", "") for entry in entries], MOST_ENTRIES)
        messages = [_outgoing(entry) for entry in entries]
        if sum(map(_size, messages)) > MOST_BYTES:
            raise Refused("BatchRequestTooLong", f"A batch has {MOST_BYTES} bytes at most.")
        sent = [self._topics.publish(asked["TopicArn"], message) for message in messages]
        pairs = zip(entries, sent, strict=True)
        return {
            "Successful": [{"Id": entry["Id"], "MessageId": made} for entry, made in pairs],
            "Failed": [],
        }


def refusal(refused: Refused) -> str:
    """A refusal as SNS's clients read it."""
    return (
        f'<ErrorResponse xmlns="{_NAMESPACE}"><Error><Type>Sender</Type>'
        f"<Code>{refused.code}</Code><Message>{escape(refused.message)}</Message></Error>"
        f"{_metadata()}</ErrorResponse>"
    )


def _metadata() -> str:
    request_id = uuid.uuid4()
    return f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"


def _nested(form: str) -> Params:
    """A form as a tree: `A.entry.1.Name=x` is {"A": {"entry": {"1": {"Name": "x"}}}}."""
    tree: Params = {}
    for key, value in parse_qsl(form, keep_blank_values=True):
        *path, last = key.split(".")
        place = tree
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return tree


def _members(tree: Any) -> list[Params]:
    """The members of a list or of a map, in their order."""
    numbered = tree.get("member") or tree.get("entry") if isinstance(tree, dict) else None
    return [numbered[number] for number in sorted(numbered, key=int)] if numbered else []


def _outgoing(asked: Params) -> Outgoing:
    """Raises Refused."""
    if not asked.get("Message"):
        raise bad_topic_parameter("Empty message")
    attributes = {each["Name"]: each["Value"] for each in _members(asked.get("MessageAttributes"))}
    return Outgoing(asked["Message"], attributes)


def _size(message: Outgoing) -> int:
    """Bytes of a message with its attributes, which count too."""
    attributes = sum(
        len(f"{name}{value.get('DataType', '')}{value.get('StringValue', '')}".encode())
        for name, value in message.attributes.items()
    )
    return len(message.text.encode()) + attributes


def _xml(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(f"<{name}>{_xml(inner)}</{name}>" for name, inner in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{_xml(each)}</member>" for each in value)
    return escape(str(value))
