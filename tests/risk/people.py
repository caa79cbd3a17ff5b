"""Members for tests of risk: on a device, invited by each other, judged by published rules."""

from __future__ import annotations

from chalicelib.earning import events as earning
from chalicelib.kernel import clock
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.members.actions.registrations import add_member
from chalicelib.members.queries import destination_of
from chalicelib.risk import events
from tests.api import new_key
from tests.facts import made
from tests.world import World, new_phone


def signs_in(member_id: str, device: str | None, network: str | None = None) -> None:
    """The relay of members tells of a sign-in."""
    told = {"device": device, "network": network}
    data = {"member_id": member_id, **{name: told for name, told in told.items() if told}}
    fact = made(new_key(), "member.signed_in", clock.rfc3339(clock.now()), data)
    events.note_sign_in(fact)


def on_one_device(world: World, count: int, points: int = 0) -> list[str]:
    """Members who signed in on one device, the last one first."""
    device = new_key()
    members = [world.member(points) for _ in range(count)]
    for each in members:
        signs_in(each, device)
    return members[::-1]


def invite(referrer: str) -> str:
    """A friend who registered by the member's code."""
    writes = WriteSet()
    friend = add_member(
        writes,
        destination_of(phone=new_phone()),
        language="zh-CN",
        now_ms=clock.to_ms(clock.now()),
        referred_by=referrer,
    )
    writes.commit()
    data = {"member_id": friend, "referred_by": referrer}
    earning.begin_referral(made(new_key(), "member.registered", "", data))
    return friend
