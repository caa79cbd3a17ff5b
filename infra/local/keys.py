"""The stage's secrets on this machine: random at the first start, then kept in the data folder."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from infra.cli.keys import new_keys
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
    return {"keys": new_keys(), "partners": {PARTNER_ID: [secrets.token_urlsafe(32)]}}
