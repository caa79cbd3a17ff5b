"""An application's functions, asked of a worker that has it loaded."""

from typing import Any

from chalice.app import DynamoDBEventConfig, ScheduledEventConfig, SQSEventConfig
from chalice.utils import to_cfn_resource_name

from infra.local.functions import QUEUE, SCHEDULE, STREAM
from infra.local.worker import load

_KINDS = {DynamoDBEventConfig: STREAM, SQSEventConfig: QUEUE, ScheduledEventConfig: SCHEDULE}


def registered(application: str) -> list[dict[str, Any]]:
    """List the application's event functions: {name, resource, kind, expression, batch_size,
    window_s}."""
    found = []
    for source in load(application).event_sources:
        kind = _KINDS.get(type(source))
        if kind is not None:
            expression = getattr(source, "schedule_expression", "")
            text = expression if isinstance(expression, str) else expression.to_string()
            batch_size = getattr(source, "batch_size", 1)
            found.append(
                {
                    "name": source.name,
                    "resource": to_cfn_resource_name(source.name),
                    "kind": kind,
                    "expression": text,
                    "batch_size": batch_size,
                    "window_s": getattr(source, "maximum_batching_window_in_seconds", 0),
                }
            )
    return found
