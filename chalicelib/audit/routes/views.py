"""Views of acts for the staff."""

from __future__ import annotations

import msgspec

from chalicelib.audit.rules import Act, Facts
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.shapes import shaped


class ActorView(msgspec.Struct):
    """The actor, with their roles at that time."""

    member_id: str
    roles: list[str]


class ActView(msgspec.Struct):
    """One act; `reason`, `source_ip` and `user_agent` are null where none was given or it was
    forgotten."""

    id: str
    action: str
    subject: str
    actor: ActorView
    source_ip: str | None
    user_agent: str | None
    request_id: str
    before: Facts
    after: Facts
    reason: str | None
    created_at: str


def act_view(act: Act) -> ActView:
    return shaped(
        ActView,
        act,
        actor=ActorView(act.actor.member_id, sorted(act.actor.roles)),
        source_ip=act.actor.source_ip,
        user_agent=act.actor.user_agent,
        request_id=act.actor.request_id,
        created_at=rfc3339_ms(act.at_ms),
    )


ACT_EXAMPLE = {
    "id": "act_5c3bqbzkmvnl2hwmbkqk5pnjhm", "action": "account.freeze",
    "subject": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
    "actor": {"member_id": "mbr_3ndq2kzvdkwqymh6dz4wmbyziu", "roles": ["member", "ops"]},
    "source_ip": "203.0.113.7", "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0",
    "request_id": "f3c1f5a0-8a4e-4c43-9d4e-0f2a6f6f7a10",
    "before": {"status": "active"}, "after": {"status": "frozen"}, "reason": "盗号申诉",
    "created_at": "2026-11-21T08:00:00Z",
}  # fmt: skip
