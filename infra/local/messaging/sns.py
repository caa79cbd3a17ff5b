"""SNS's calls in its query protocol: forms in, XML out.

Source: Amazon SNS API reference; "AWS Query protocol" of Smithy.
"""

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import msgspec

from infra.local.messaging.bodies import MOST_BYTES, MOST_ENTRIES, Attribute, size_of
from infra.local.messaging.refusals import Refused, bad_topic_parameter, no_action
from infra.local.messaging.sqs import check_batch
from infra.local.messaging.topics import Outgoing, Topics
from infra.local.settings import ACCOUNT_ID

_NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/"

Params = dict[str, Any]


class Sns:
    """Answers calls."""

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._calls: dict[str, Callable[[Params], Params]] = {
            "CreateTopic": lambda asked: {"TopicArn": topics.make(_text(asked, "Name"))},
            "DeleteTopic": self._delete,
            "ListTopics": self._list,
            "Subscribe": self._subscribe,
            "ListSubscriptionsByTopic": self._list_subscriptions,
            "Publish": self._publish,
            "PublishBatch": self._publish_batch,
        }

    def answer(self, form: bytes) -> str:
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
        self._topics.delete(_text(asked, "TopicArn"))
        return {}

    def _list(self, _asked: Params) -> Params:
        return {"Topics": [{"TopicArn": arn} for arn in self._topics.all()]}

    def _subscribe(self, asked: Params) -> Params:
        members = _members(asked.get("Attributes"))
        attributes = {_text(each, "key"): _text(each, "value") for each in members}
        made = self._topics.subscribe(
            _text(asked, "TopicArn"), _text(asked, "Protocol"), _text(asked, "Endpoint"), attributes
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
                for each in self._topics.subscriptions(_text(asked, "TopicArn"))
            ]
        }

    def _publish(self, asked: Params) -> Params:
        message = _outgoing(asked)
        if size_of(*message) > MOST_BYTES:
            raise bad_topic_parameter("Message too long")
        if "PhoneNumber" in asked:
            return {"MessageId": self._topics.send_text(_text(asked, "PhoneNumber"), message)}
        topic = _text(asked, "TopicArn" if "TopicArn" in asked else "TargetArn")
        return {"MessageId": self._topics.publish(topic, message)}

    def _publish_batch(self, asked: Params) -> Params:
        entries = _members(asked.get("PublishBatchRequestEntries"))
        topic = _text(asked, "TopicArn")
        self._topics.subscriptions(topic)
        ids = [_text(entry, "Id") for entry in entries]
        check_batch(ids, MOST_ENTRIES)
        messages = [_outgoing(entry) for entry in entries]
        if sum(size_of(*message) for message in messages) > MOST_BYTES:
            raise Refused("BatchRequestTooLong", f"A batch has {MOST_BYTES} bytes at most.")
        sent = [self._topics.publish(topic, message) for message in messages]
        pairs = zip(ids, sent, strict=True)
        return {
            "Successful": [{"Id": key, "MessageId": made} for key, made in pairs],
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


def _nested(form: bytes) -> Params:
    """A form as a tree: `A.entry.1.Name=x` is {"A": {"entry": {"1": {"Name": "x"}}}}.

    Raises Refused.
    """
    tree: Params = {}
    try:
        for key, value in parse_qsl(form.decode(), keep_blank_values=True):
            *path, last = key.split(".")
            place = tree
            for part in path:
                place = place.setdefault(part, {})
            place[last] = value
    except (UnicodeError, AttributeError, TypeError) as error:
        raise bad_topic_parameter("the request is no form of named values") from error
    return tree


def _members(tree: Any) -> list[Params]:
    """The members of a list or of a map, in their order.

    Raises Refused.
    """
    numbered = (tree.get("member") or tree.get("entry")) if isinstance(tree, dict) else tree
    try:
        return msgspec.convert(
            [each for _, each in sorted((numbered or {}).items(), key=lambda pair: int(pair[0]))],
            list[Params],
        )
    except (AttributeError, ValueError, msgspec.ValidationError) as error:
        raise bad_topic_parameter("a list has members with numbers") from error


def _text(asked: Params, name: str) -> str:
    """Raises Refused."""
    found = asked.get(name)
    if not isinstance(found, str):
        raise bad_topic_parameter(f"{name} must be given")
    return found


def _outgoing(asked: Params) -> Outgoing:
    """Raises Refused."""
    if not asked.get("Message"):
        raise bad_topic_parameter("Empty message")
    attributes = {
        _text(each, "Name"): _attribute(each.get("Value"))
        for each in _members(asked.get("MessageAttributes"))
    }
    return Outgoing(_text(asked, "Message"), attributes)


def _attribute(said: Any) -> Attribute:
    """Raises Refused."""
    try:
        return msgspec.convert(said, Attribute)
    except msgspec.ValidationError as error:
        raise bad_topic_parameter(f"MessageAttributes: {error}") from error


def _xml(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(f"<{name}>{_xml(inner)}</{name}>" for name, inner in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{_xml(each)}</member>" for each in value)
    return escape(str(value))
