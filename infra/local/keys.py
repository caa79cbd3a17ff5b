"""The stage's secrets on this machine: random at the first start, then kept in the data folder."""

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any

from infra.local.settings import STAGE

PARTNER_ID = "demo-shop"


def kept_secrets(home: Path) -> dict[str, dict[str, Any]]:
    """Give `keys` and `partners` as Secrets Manager holds them, making them when there are none."""
    file = home / "secrets.json"
    if not file.exists():
        partial = file.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT, 0o600), "w") as sink:
            json.dump(_new(), sink)
        partial.rename(file)
    kept: dict[str, dict[str, Any]] = json.loads(file.read_text())
    return kept


def put(secrets_manager: Any, home: Path) -> None:
    """Put the kept secrets into a server that has none of them yet."""
    for name, value in kept_secrets(home).items():
        secrets_manager.create_secret(Name=f"jifen-{STAGE}-{name}", SecretString=json.dumps(value))


def _new() -> dict[str, dict[str, Any]]:
    return {
        "keys": {
            "access_token": [{"id": "k1", "key": _key()}],
            "field": [{"id": "f1", "key": _key()}],
            "hash": _key(),
            "cursor": _key(),
        },
        "partners": {PARTNER_ID: [secrets.token_urlsafe(32)]},
    }


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
