"""Devices as members know them: a name, a kind, a network; and those that are known."""

from __future__ import annotations

import ipaddress
import re
from typing import Literal

AppKind = Literal["browser", "mini_program", "app"]

_MARK_BYTES = 8
MOST_DEVICES = 10
_IPV4_BITS, _IPV6_BITS = 24, 48
# The first that fits is meant: most browsers name others beside themselves.
_PROGRAMS = (
    ("MicroMessenger", "WeChat"), ("QQ/", "QQ"), ("Edg", "Edge"), ("OPR/", "Opera"),
    ("HuaweiBrowser", "Huawei Browser"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
_FIRST_WORD = re.compile(r"[\w.-]{1,40}")


def name_of(user_agent: str) -> str:
    """`Chrome · Windows`, `WeChat · iPhone`; an app's own word for itself; else `?`."""
    found = [
        next((name for sign, name in known if sign in user_agent), None)
        for known in (_PROGRAMS, _SYSTEMS)
    ]
    if found[0] is None and (own := _FIRST_WORD.match(user_agent)):
        found[0] = None if own[0] == "Mozilla" else own[0]
    return " · ".join(filter(None, found)) or "?"


def kind_of(user_agent: str) -> AppKind:
    """What a session runs in."""
    if "miniProgram" in user_agent or "MiniProgramEnv" in user_agent:
        return "mini_program"
    return "browser" if user_agent.startswith("Mozilla/") else "app"


def network_of(ip: str) -> str | None:
    """Roughly where a caller is: the /24 of an IPv4 address, the /48 of an IPv6 one."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    bits = _IPV4_BITS if isinstance(address, ipaddress.IPv4Address) else _IPV6_BITS
    return str(ipaddress.ip_network((address, bits), strict=False))


def is_known(known: bytes | None, device: bytes) -> bool:
    """Whether a device is among a member's known ones."""
    return device[:_MARK_BYTES] in _marks(known or b"")


def with_device(known: bytes | None, device: bytes) -> bytes:
    """A member's known devices with this one, the last used at the end: MOST_DEVICES at most."""
    mark = device[:_MARK_BYTES]
    others = [each for each in _marks(known or b"") if each != mark]
    return b"".join([*others, mark][-MOST_DEVICES:])


def _marks(known: bytes) -> list[bytes]:
    return [known[at : at + _MARK_BYTES] for at in range(0, len(known), _MARK_BYTES)]
