"""The transport of botocore's requests, for less processor time.

The signer, the session, and for DynamoDB's items the serializer and the parser are replaced where
botocore looks them up. Retries, hooks and errors stay botocore's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from botocore.auth import AUTH_TYPE_MAPS

from chalicelib.kernel.transport.bodies import created, prepared
from chalicelib.kernel.transport.protocol import ItemSerializer, Parsers
from chalicelib.kernel.transport.signing import QuickSigV4, sign
from chalicelib.kernel.transport.sockets import Session

# The name by which a client's configuration asks for our signer.
SIGNATURE = "jifen-v4"
# In a word: botocore would put its own line together anew for every request, a third of what a
# request takes in this process.
USER_AGENT = "jifen"

AUTH_TYPE_MAPS[SIGNATURE] = QuickSigV4


def quick(client: Any) -> Any:
    """A client of botocore's that is carried by a Session of ours."""
    endpoint, config = client._endpoint, client.meta.config
    endpoint.http_session = Session(
        endpoint.http_session, config.connect_timeout, config.read_timeout
    )
    endpoint.prepare_request = partial(prepared, own=endpoint.prepare_request)
    endpoint.create_request = partial(created, endpoint=endpoint, emit=client.meta.events.emit)
    endpoint._needs_retry = partial(_takes_another_try, endpoint._needs_retry)
    signer = client._request_signer
    signer.sign = partial(sign, signer, signer.sign)
    # Ours is the same for each request: botocore would put it together anew for each try.
    client.meta.events.unregister(
        f"request-created.{client.meta.service_model.service_id.hyphenize()}",
        client._user_agent_creator.rebuild_and_replace_user_agent_handler,
    )
    # The endpoint of a region or of the settings, found when the client was made, is the one of
    # each request to a service of these: no rule looks at what is asked.
    client._ruleset_resolver = None
    return client


def _takes_another_try(
    own: Callable[..., bool],
    attempts: int,
    operation: Any,
    parts: dict[str, Any],
    response: Any = None,
    failure: Exception | None = None,
) -> bool:
    """Whether a try needs another, by botocore's `own`; one that got an answer of 200 does not."""
    if response is not None and response[0].status_code == HTTPStatus.OK:
        return False
    return own(attempts, operation, parts, response, failure)


def quick_with_items(client: Any) -> Any:
    """A client of DynamoDB's that is carried by a Session, its items by JSON alone."""
    endpoint = client._endpoint
    client._serializer = ItemSerializer(client._serializer)
    endpoint._response_parser_factory = Parsers()
    return quick(client)


def call(client: Any, operation: str, request: dict[str, Any]) -> Any:
    """The answer to an operation by its name in the API; a client's methods have other names."""
    return client._make_api_call(operation, request)


def client(service: str, **settings: Any) -> Any:
    """A client of boto3's own session, signed and carried by ours; `settings` are of Config.

    The service says what is wrong with a request: botocore would look at each part of each one.
    """
    import boto3
    from botocore.config import Config

    config = Config(
        user_agent=USER_AGENT, signature_version=SIGNATURE, parameter_validation=False, **settings
    )
    return quick(boto3.client(service, config=config))  # type: ignore[call-overload]
