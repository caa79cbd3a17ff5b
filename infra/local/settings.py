"""How this machine runs the mall: ports, folders and names, read from the environment once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
STAGE = "dev"
REGION = "ap-southeast-1"
ACCOUNT_ID = "123456789012"
EMAIL_SENDER = "mall@jifen.example"
OPS_EMAIL = "ops@jifen.example"
# Where a person pays an order of this machine: the gateway serves it beside the API.
PAY_PAGE = "/_local/pay/{order}"

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


@dataclass(frozen=True)
class Settings:
    """Where the stack keeps its data, listens and finds the application."""

    home: Path
    port: int
    workers: int
    app: str
    seed: str
    template: Path
    dynamodb_endpoint: str | None
    engine: str | None
    cache: Path
    web: Path | None

    @property
    def journal(self) -> Path:
        """Messages, objects and sent notices of the AWS server."""
        return self.home / "aws.db"

    @property
    def checkpoints(self) -> Path:
        """How far each stream function has come."""
        return self.home / "checkpoints.db"

    @property
    def dynamodb(self) -> Path:
        """The engine's folder, with the file of the one that made it."""
        return self.home / "dynamodb"

    @property
    def logs(self) -> Path:
        """One file per process."""
        return self.home / "logs"


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read JIFEN_HOME, JIFEN_PORT and their like, each with a default.

    Raises ValueError naming the variable that is no number, or out of its range.
    """
    return Settings(
        home=Path(environ.get("JIFEN_HOME", REPOSITORY / ".jifen")).resolve(),
        port=_number(environ, "JIFEN_PORT", 8000, range(65536)),
        workers=_number(environ, "JIFEN_WORKERS", 5, range(1, 257)),
        app=environ.get("JIFEN_APP", "app:app"),
        seed=environ.get("JIFEN_SEED", "infra.local.seed:main"),
        template=Path(environ.get("JIFEN_TEMPLATE", REPOSITORY / "infra/resources.yaml")),
        dynamodb_endpoint=environ.get("JIFEN_DYNAMODB_ENDPOINT") or None,
        engine=environ.get("JIFEN_ENGINE") or None,
        cache=Path(environ.get("JIFEN_CACHE", REPOSITORY / ".cache")).resolve(),
        web=_web(environ.get("JIFEN_WEB", "")),
    )


def _web(said: str) -> Path | None:
    """The folder whose pages are built and served; None without pages.

    Raises ValueError.
    """
    folder = Path(said or REPOSITORY / "web").resolve()
    if said == "0" or not (said or (folder / "package.json").exists()):
        return None
    if not (folder / "package.json").exists():
        raise ValueError(f"JIFEN_WEB is 0 or a folder with a package.json, not {said!r}")
    return folder


def _number(environ: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    """Raises ValueError."""
    said = environ.get(name, str(default))
    if not said.isdecimal() or len(said) > 9 or int(said) not in allowed:
        raise ValueError(f"{name} is a number from {allowed[0]} to {allowed[-1]}, not {said!r}")
    return int(said)


def client_environment(endpoints: Mapping[str, str]) -> dict[str, str]:
    """The variables that lead any AWS client to the engines here; `endpoints` is by service."""
    found = {f"AWS_ENDPOINT_URL_{name.upper()}": url for name, url in endpoints.items()}
    return (
        found
        | CREDENTIALS
        | {
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "NO_PROXY": f"{HOST},localhost",
        }
    )
