"""The application's functions, the source of each, and the settings deployed with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.filtering import Pattern, patterns
from infra.local.template import Template

STREAM, QUEUE, SCHEDULE = "stream", "queue", "schedule"
# Lambda's default for a failing stream record: retry for as long as it lives.
_ALWAYS = -1
# Batches of one queue at a time. Lambda begins with five; a machine has fewer processors.
_QUEUE_LANES = 2


@dataclass(frozen=True)
class StreamSource:
    """A stream that feeds a function; `parked` is the bucket for failed records,
    `filters` let a record through that fits one of them."""

    function: str
    stream_arn: str
    batch_size: int
    reports_failures: bool
    bisects: bool
    retries: int
    oldest_s: int
    parked: str | None
    filters: tuple[Pattern, ...] = ()


@dataclass(frozen=True)
class QueueSource:
    """A queue that feeds a function, so many batches at a time, each gathered for a window."""

    function: str
    queue: str
    arn: str
    batch_size: int
    reports_failures: bool
    concurrency: int
    window_s: int


@dataclass(frozen=True)
class Schedule:
    """A function that runs by the clock: `rate(…)` or `cron(…)`."""

    function: str
    expression: str


Source = StreamSource | QueueSource | Schedule


def sources(found: list[dict[str, Any]], template: Template) -> list[Source]:
    """Join the application's functions with the settings of the template.

    Raises StackError when a setting has an unknown reference, KeyError when a source is missing.
    """
    return [_source(each, template) for each in found]


def _source(found: Mapping[str, Any], template: Template) -> Source:
    name, kind = found["name"], found["kind"]
    if kind == SCHEDULE:
        return Schedule(name, found["expression"])
    settings = template.resolve(_settings(found["resource"], template))
    batch_size = int(settings.get("BatchSize", found["batch_size"]))
    reports = "ReportBatchItemFailures" in settings.get("FunctionResponseTypes", [])
    if kind == QUEUE:
        arn = settings["Queue"]
        most = settings.get("ScalingConfig", {}).get("MaximumConcurrency", _QUEUE_LANES)
        lanes = min(int(most), _QUEUE_LANES)
        window_s = int(settings.get("MaximumBatchingWindowInSeconds", found["window_s"]))
        return QueueSource(name, arn.rsplit(":", 1)[-1], arn, batch_size, reports, lanes, window_s)
    parked = settings.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    return StreamSource(
        function=name,
        stream_arn=settings["Stream"],
        batch_size=batch_size,
        reports_failures=reports,
        bisects=bool(settings.get("BisectBatchOnFunctionError")),
        retries=int(settings.get("MaximumRetryAttempts", _ALWAYS)),
        oldest_s=int(settings.get("MaximumRecordAgeInSeconds", _ALWAYS)),
        parked=parked.rsplit(":", 1)[-1] if parked else None,
        filters=patterns(settings),
    )


def _settings(resource: str, template: Template) -> Mapping[str, Any]:
    """The template's settings for the one event source that Chalice makes for a function."""
    written = template.resources.get(resource, {}).get("Properties", {})
    events: Mapping[str, Any] = written.get("Events", {})
    return next((event["Properties"] for event in events.values()), {})
