"""The facts of members."""

from __future__ import annotations

from typing import ClassVar

from chalicelib.kernel.store.facts import FactData


class MemberRegistered(FactData, frozen=True):
    """A member registered, maybe by the code of another one."""

    TYPE: ClassVar[str] = "member.registered"
    VERSION: ClassVar[int] = 2

    member_id: str
    referred_by: str | None = None


class MembersJoined(FactData, frozen=True):
    """A member is another one now: `merged_id` leads to `member_id` from here on."""

    TYPE: ClassVar[str] = "member.merged"

    member_id: str
    merged_id: str


class BirthdayTold(FactData, frozen=True):
    """A member told their birthday, or took it back; the profile tells it."""

    TYPE: ClassVar[str] = "member.birthday_told"
    IS_INTERNAL: ClassVar[bool] = True

    member_id: str


class SignedIn(FactData, frozen=True):
    """A member signed in; `device` is the keyed hash of what the device calls itself, `network`
    such as `203.0.113.0/24`."""

    TYPE: ClassVar[str] = "member.signed_in"
    IS_INTERNAL: ClassVar[bool] = True

    member_id: str
    device: str | None = None
    network: str | None = None


class IdentityAdded(FactData, frozen=True):
    """A phone, an e-mail, an account at a provider or an external id is a member's now; `identity`
    is its keyed hash, of an account one of several.
    """

    TYPE: ClassVar[str] = "member.identity_added"
    IS_INTERNAL: ClassVar[bool] = True

    member_id: str
    identity: str


class NewDevice(FactData, frozen=True):
    """A member signed in on a device that was never theirs before, other than the first.

    `device` is such as `Chrome · Windows`, `network` such as `203.0.113.0/24`, `at` RFC 3339.
    """

    TYPE: ClassVar[str] = "member.new_device"
    IS_INTERNAL: ClassVar[bool] = True
    IS_NEWS: ClassVar[bool] = True

    member_id: str
    session_id: str
    device: str
    at: str
    network: str | None = None
