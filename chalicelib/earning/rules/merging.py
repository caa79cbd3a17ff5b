"""What two members did of tasks, once they are one."""

from __future__ import annotations

from msgspec.structs import replace

from chalicelib.earning.rules.check_ins import Month
from chalicelib.earning.rules.claims import Progress
from chalicelib.earning.rules.limits import Used


def one_progress(seen: Progress, other: Progress) -> Progress:
    """The more of both: what was claimed once by either is claimed. The same a second time."""
    later = max(seen, other, key=lambda each: (each.month, each.day))
    after = replace(
        seen,
        done=max(seen.done, other.done),
        claimed=max(seen.claimed, other.claimed),
        day=later.day,
        in_day=later.in_day,
        month=later.month,
        in_month=later.in_month,
    )
    return after if after == seen else replace(after, version=seen.version + 1)


def one_used(seen: Used, other: Used) -> Used:
    """What both got of a rule, on the later day and in the later month of the two."""
    both, day, month = (seen, other), max(seen.day, other.day), max(seen.month, other.month)
    return Used(
        day,
        month,
        sum(each.day_used for each in both if each.day == day),
        sum(each.month_used for each in both if each.month == month),
        seen.life + other.life,
    )


def one_month(seen: Month | None, other: Month, member_id: str) -> Month:
    """The days of both. The same a second time."""
    if seen is None:
        return replace(other, member_id=member_id, version=1)
    if seen.days | other.days == seen.days:
        return seen
    lengths = {*seen.bonused, *other.bonused}
    return replace(
        seen,
        days=seen.days | other.days,
        made_up=(seen.made_up | other.made_up),
        carried=max(seen.carried, other.carried),
        points=seen.points + other.points,
        bonused={n: max(seen.bonused.get(n, 0), other.bonused.get(n, 0)) for n in lengths},
        keys={**other.keys, **seen.keys},
        version=seen.version + 1,
    )
