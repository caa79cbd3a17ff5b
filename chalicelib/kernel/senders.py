"""Plain senders of SMS (SNS) and e-mail (SES), used for login codes and by notify."""

from __future__ import annotations

from functools import cache
from typing import Any

from chalicelib.kernel.config import config


@cache
def _client(service: str) -> Any:
    from chalicelib.kernel.transport import client

    # No retry inside botocore: a lost answer must not send twice, the caller decides.
    once = {"total_max_attempts": 1, "mode": "standard"}
    return client(service, connect_timeout=1, read_timeout=5, retries=once)


def send_sms(phone: str, text: str, message_id: str | None = None) -> None:
    """Send a text to an E.164 number; `message_id` names it to providers that keep keys.

    Raises botocore's errors.
    """
    sns: Any = _client("sns")
    attributes: dict[str, Any] = {
        "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}
    }
    if message_id:
        attributes["jifen.notice_id"] = {"DataType": "String", "StringValue": message_id}
    sns.publish(PhoneNumber=phone, Message=text, MessageAttributes=attributes)


def send_email(address: str, subject: str, text: str, message_id: str | None = None) -> None:
    """Send a plain-text letter; `message_id` names it to providers that keep keys.

    Raises botocore's errors.
    """
    ses: Any = _client("ses")
    tags = [{"Name": "notice_id", "Value": message_id}] if message_id else []
    ses.send_email(
        Source=config().required("email_sender"),
        Destination={"ToAddresses": [address]},
        Message={
            "Subject": {"Data": subject, "Charset": "UTF-8"},
            "Body": {"Text": {"Data": text, "Charset": "UTF-8"}},
        },
        Tags=tags,
    )
