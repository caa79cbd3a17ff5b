"""The stage's secrets on this machine: random at the first start, then kept in the data folder."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from infra.cli.keys import new_keys
from infra.local.providers.apps import APPS
from infra.local.settings import STAGE

PARTNER_ID = "demo-shop"


def kept_secrets(home: Path) -> dict[str, dict[str, Any]]:
    """Give each secret as Secrets Manager holds it, made when missing."""
    file = home / "secrets.json"
    kept: dict[str, dict[str, Any]] = json.loads(file.read_text()) if file.exists() else {}
    made = {**_new(), **kept}
    if made.keys() != kept.keys():
        partial = file.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT, 0o600), "w") as sink:
            json.dump(made, sink)
        partial.rename(file)
    return made


def put(secrets_manager: Any, home: Path) -> None:
    """Put the kept secrets into a server that has none of them yet."""
    for name, value in kept_secrets(home).items():
        secrets_manager.create_secret(Name=f"jifen-{STAGE}-{name}", SecretString=json.dumps(value))


def _new() -> dict[str, dict[str, Any]]:
    return {
        "keys": new_keys(),
        "partners": {PARTNER_ID: [secrets.token_urlsafe(32)]},
        "stripe": {
            "api_key": f"sk_test_{secrets.token_hex(16)}",
            "webhook_secrets": [f"whsec_{secrets.token_hex(16)}"],
        },
        "captcha": {"secret": secrets.token_hex(16)},
        "sign-in": {app.id: secrets.token_hex(16) for app in APPS},
    }
