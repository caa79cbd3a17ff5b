"""Structured logs and metrics, without personal data: ids, routes, codes, counts, durations."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

SERVICE = "jifen"


@cache
def logger() -> Logger:
    from aws_lambda_powertools import Logger

    return Logger(service=SERVICE, utc=True)


def count(name: str, **dimensions: str) -> None:
    """Count one of `name` in CloudWatch, through the log (embedded metric format), at once."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(name, MetricUnit.Count, 1, namespace="Jifen") as metric:
        metric.add_dimension("service", SERVICE)
        for dimension, value in dimensions.items():
            metric.add_dimension(dimension, value)
