"""What a caller says of the device: a header of apps and pages, and the user agent."""

from __future__ import annotations

import re

from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.spelling import short_user_agent
from chalicelib.kernel.web.requests import Call
from chalicelib.members import actions

DEVICE = (
    "Jifen-Device",
    "a random id that an app makes once and keeps, 16 to 64 letters, digits, `-` or `_`: it counts "
    "login codes and knows a device again",
)
_DEVICE = re.compile(r"[A-Za-z0-9_-]{16,64}\Z")


def sent_in(call: Call) -> str | None:
    """The id that a device gives itself, None without one.

    Raises Invalid naming Jifen-Device.
    """
    device = call.headers.get("jifen-device")
    if device is not None and not _DEVICE.match(device):
        words = Words(
            "须为 16 至 64 个字母、数字、- 或 _", "must be 16 to 64 letters, digits, - or _"
        )
        raise Invalid(FieldError("Jifen-Device", "invalid", words))
    return device


def device_of(call: Call) -> actions.Device:
    """The device that a caller signs in on.

    Raises Invalid naming Jifen-Device.
    """
    user_agent = short_user_agent(call.headers.get("user-agent", ""))
    return actions.Device(call.language, user_agent, sent_in(call), call.source_ip)
