"""The refusals of SQS and SNS, by the codes that their clients know."""

from dataclasses import dataclass
from http import HTTPStatus

_QUEUE = "AWS.SimpleQueueService"


@dataclass
class Refused(Exception):
    """A call that is refused; `legacy` is the code that SQS's older protocol has for it."""

    code: str
    message: str
    legacy: str | None = None
    status: int = HTTPStatus.BAD_REQUEST


def no_queue() -> Refused:
    return Refused(
        "QueueDoesNotExist", "The specified queue does not exist.", f"{_QUEUE}.NonExistentQueue"
    )


def no_resource(said: str) -> Refused:
    return Refused("ResourceNotFoundException", said)


def bad_parameter(said: str) -> Refused:
    return Refused("InvalidParameterValue", said)


def no_parameter(name: str) -> Refused:
    return Refused("MissingParameter", f"The request must contain the parameter {name}.")


def not_supported(said: str) -> Refused:
    code = "UnsupportedOperation"
    return Refused(code, said, f"{_QUEUE}.{code}")


def bad_receipt(receipt: str) -> Refused:
    said = f'The input receipt handle "{receipt}" is not a valid receipt handle.'
    return Refused("ReceiptHandleIsInvalid", said, "ReceiptHandleIsInvalid")


def bad_batch(code: str, said: str) -> Refused:
    """`code` is such as EmptyBatchRequest, the same in both services."""
    return Refused(code, said, f"{_QUEUE}.{code}")


def no_topic() -> Refused:
    return Refused("NotFound", "Topic does not exist", status=HTTPStatus.NOT_FOUND)


def bad_topic_parameter(said: str) -> Refused:
    return Refused("InvalidParameter", f"Invalid parameter: {said}")


def no_action(name: str) -> Refused:
    return Refused("InvalidAction", f"This machine has no {name}")
