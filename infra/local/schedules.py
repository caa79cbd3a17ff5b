"""Runs scheduled functions by the machine's clock: EventBridge's rate and cron expressions."""

import re
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.errors import FunctionFailed
from infra.local.functions import Schedule
from infra.local.settings import ACCOUNT_ID, REGION

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_NAMES = {name: number for names in (_MONTHS, _WEEKDAYS) for number, name in enumerate(names, 1)}
_MINUTE = timedelta(minutes=1)


def event(function: str, now: str) -> dict[str, Any]:
    """Give what EventBridge hands to a scheduled function; `now` in RFC 3339."""
    rule = f"arn:aws:events:{REGION}:{ACCOUNT_ID}:rule/jifen-{function}"
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT_ID,
        "time": now,
        "region": REGION,
        "resources": [rule],
        "detail": {},
    }


def due(expression: str, started: datetime, minute: datetime) -> bool:
    """Whether a function that is scheduled since `started` runs in this minute.

    Raises ValueError when the expression is none.
    """
    rate = _RATE.fullmatch(expression)
    if rate:
        period = timedelta(**{f"{rate[2]}s": int(rate[1])})
        passed = minute - started.replace(second=0, microsecond=0)
        return passed > timedelta() and passed % period == timedelta()
    cron = _CRON.fullmatch(expression)
    if cron is None:
        raise ValueError(f"{expression} is no rate and no cron expression")
    weekday = minute.isoweekday() % 7 + 1
    now = (minute.minute, minute.hour, minute.day, minute.month, weekday, minute.year)
    return all(_fits(field, value) for field, value in zip(cron.groups(), now, strict=True))


def _fits(field: str, value: int) -> bool:
    """Whether a value is in a field such as `*`, `?`, `5`, `1-5`, `MON,WED`, `0/15`."""
    return any(_part_fits(part, value) for part in field.upper().split(","))


def _part_fits(part: str, value: int) -> bool:
    span, _, step = part.partition("/")
    if span in {"*", "?"}:
        low, high = 0, 9999
    else:
        first, _, last = span.partition("-")
        low = _number(first)
        high = _number(last) if last else (9999 if step else low)
    return low <= value <= high and (value - low) % int(step or 1) == 0


def _number(text: str) -> int:
    return _NAMES[text] if text in _NAMES else int(text)


class Scheduler(threading.Thread):
    """A thread that looks once a minute which functions are due."""

    def __init__(
        self, schedules: list[Schedule], run: Callable[[str], Any], stop: threading.Event
    ) -> None:
        """Take the schedules and what runs a function by its name."""
        super().__init__(name="scheduler", daemon=True)
        self._schedules, self._run, self._stop_asked = schedules, run, stop

    def run(self) -> None:
        """Run due functions, minute by minute, until told to stop."""
        started = minute = datetime.now(UTC).replace(second=0, microsecond=0)
        while not self._stop_asked.is_set():
            minute += _MINUTE
            if self._stop_asked.wait(max(0.0, (minute - datetime.now(UTC)).total_seconds())):
                return
            for schedule in self._schedules:
                if due(schedule.expression, started, minute):
                    # None waits for another, which may run for a quarter of an hour.
                    threading.Thread(
                        target=self._run_one, args=(schedule.function,), daemon=True
                    ).start()

    def _run_one(self, function: str) -> None:
        try:
            self._run(function)
        except FunctionFailed as error:
            print(f"{function} failed on schedule: {error}", flush=True)
