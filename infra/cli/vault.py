"""The stage's secrets in Secrets Manager, read and written by operators only."""

from __future__ import annotations

import json
from typing import Any


def _client() -> Any:
    import boto3

    return boto3.client("secretsmanager")


def name_of(kind: str) -> str:
    """The name of the stage's `keys`, `partners`, `stripe` or `sign-in`."""
    from chalicelib.kernel.config import config

    return config().secret(kind)


def read(kind: str) -> dict[str, Any] | None:
    """The secret's content, None if the stage has none yet."""
    client = _client()
    try:
        answer = client.get_secret_value(SecretId=name_of(kind))
    except client.exceptions.ResourceNotFoundException:
        return None
    content: dict[str, Any] = json.loads(answer["SecretString"])
    return content


def create(kind: str, content: dict[str, Any]) -> bool:
    """Create the secret; returns False if the stage has one, which is kept."""
    client = _client()
    try:
        client.create_secret(Name=name_of(kind), SecretString=json.dumps(content))
    except client.exceptions.ResourceExistsException:
        return False
    return True


def write(kind: str, content: dict[str, Any]) -> None:
    _client().put_secret_value(SecretId=name_of(kind), SecretString=json.dumps(content))
