"""Failures of AWS that a caller may retry: no answer, or a throttle."""

from __future__ import annotations

_NOT_NOW = {
    "InternalServerError",
    "InternalFailure",
    "InternalServiceError",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionConflictException",
}


def code_of(error: BaseException) -> str | None:
    """AWS's code for a failure, of botocore's or PynamoDB's; None if AWS gave no answer.

    PynamoDB's own `cause_response_code` fails on a time-out, whose `response` is None.
    """
    answer = getattr(getattr(error, "cause", None) or error, "response", None) or {}
    code: str | None = answer.get("Error", {}).get("Code")
    return code


def is_outage(error: BaseException) -> bool:
    """Whether botocore, or PynamoDB in its name, reports a failure that passes by itself."""
    from botocore.exceptions import ConnectionError as NotConnected
    from botocore.exceptions import HTTPClientError

    if isinstance(getattr(error, "cause", None) or error, (HTTPClientError, NotConnected)):
        return True
    return code_of(error) in _NOT_NOW
