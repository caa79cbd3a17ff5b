"""What earning knows of a member, for an export of all that is theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Any

from chalicelib import members
from chalicelib.earning.queries import people, referrals, tasks
from chalicelib.earning.routes.referrals import friend_view
from chalicelib.earning.rules.check_ins import Month
from chalicelib.kernel.clock import rfc3339_ms


def export_of(member_id: str, language: str) -> dict[str, Iterable[Any]]:
    """Check-ins by month, tasks with what was claimed, friends as the member sees them, the
    invitations that brought the member, and what shops told, under all their ids."""
    ids = members.ids_of(member_id)
    return {
        "check_ins": (_check_ins(each) for each in tasks.all_months(member_id)),
        "tasks": _tasks(member_id, language),
        "referrals": (friend_view(item) for item in referrals.referrals_of(member_id)),
        "invited_by": chain.from_iterable(map(_invited_by, ids)),
        "told_by_shops": _told(ids),
    }


def _check_ins(month: Month) -> dict[str, Any]:
    first = date.fromisoformat(f"{month.month}-01")
    days = [first + timedelta(days=number - 1) for number in month.checked_days()]
    told = [{"date": day.isoformat(), "made_up": month.is_made_up(day)} for day in days]
    return {"month": month.month, "points": month.points, "days": told}


def _tasks(member_id: str, language: str) -> Iterator[dict[str, Any]]:
    for task_id, progress in tasks.all_progress(member_id).items():
        task = tasks.find_task(task_id)
        title = task.title.in_language(language) if task else None
        counts = {"done": progress.done, "claimed": progress.claimed}
        yield {"task_id": task_id, "title": title, **counts}


def _invited_by(member_id: str) -> list[dict[str, Any]]:
    """The member's own referral: who invited is somebody else's matter."""
    found = referrals.referral_of(member_id)
    if found is None:
        return []
    joined = rfc3339_ms(found.joined_at_ms)
    return [{"joined_at": joined, "state": found.state, "points": found.friend_points}]


def _told(ids: list[str]) -> list[dict[str, Any]]:
    """What shops told under each id: a merge copies it where the other id had none."""
    found: list[dict[str, Any]] = []
    for each in ids:
        found += [told for told in people.told_of(each) if told not in found]
    return found
