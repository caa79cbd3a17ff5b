"""What earning knows of a member, for an export of all that is theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from chalicelib.earning.queries import people, referrals, tasks
from chalicelib.earning.routes.referrals import friend_view
from chalicelib.earning.rules.check_ins import Month
from chalicelib.kernel.clock import rfc3339_ms


def export_of(member_id: str, language: str) -> dict[str, Iterable[Any]]:
    """Check-ins by month, tasks with what was claimed, friends as the member sees them, the
    invitation that brought the member, and what shops told."""
    return {
        "check_ins": (_check_ins(each) for each in tasks.all_months(member_id)),
        "tasks": _tasks(member_id, language),
        "referrals": (friend_view(item) for item in referrals.referrals_of(member_id)),
        "invited_by": _invited_by(member_id),
        "told_by_shops": people.told_of(member_id),
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
