"""Structured logs and metrics, without personal data: ids, routes, codes, counts, durations."""

from __future__ import annotations

from functools import cache

from aws_lambda_powertools import Logger, Metrics

SERVICE = "jifen"


@cache
def logger() -> Logger:
    return Logger(service=SERVICE, utc=True)


@cache
def metrics() -> Metrics:
    return Metrics(namespace="Jifen", service=SERVICE)
