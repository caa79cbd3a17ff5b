"""Requests to SES, checked against its own description of the call."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from chalicelib.kernel import senders


@pytest.mark.parametrize(
    ("message_id", "tags"), [("ntc_1", [{"Name": "notice_id", "Value": "ntc_1"}]), (None, [])]
)
def test_a_letter_goes_out_under_the_id_of_its_notice(
    monkeypatch: pytest.MonkeyPatch, message_id: str | None, tags: list[dict[str, str]]
) -> None:
    client: Any = boto3.client("ses", region_name="eu-west-1")
    monkeypatch.setattr(senders, "_client", lambda _: client)
    with Stubber(client) as ses:
        ses.add_response(
            "send_email",
            {"MessageId": "1"},
            {
                "Source": senders.config().email_sender,
                "Destination": {"ToAddresses": ["a@example.com"]},
                "Message": {
                    "Subject": {"Data": "已发货", "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": "您兑换的", "Charset": "UTF-8"}},
                },
                "Tags": tags,
            },
        )
        senders.send_email("a@example.com", "已发货", "您兑换的", message_id=message_id)
        ses.assert_no_pending_responses()
