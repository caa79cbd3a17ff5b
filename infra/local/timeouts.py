"""The deployed timeout of each function, read from the same two files."""

import json
from pathlib import Path
from typing import Any

from chalice.config import Config
from chalice.constants import DEFAULT_LAMBDA_TIMEOUT
from chalice.utils import to_cfn_resource_name

from infra.local.settings import REPOSITORY, STAGE
from infra.local.template import Template

# Chalice's name of the API's function in its template.
_API = {"api_handler": "APIHandler"}
# Source: API Gateway's longest wait for a function.
API_GATEWAY_S = 29.0


class TimeOuts:
    """The functions' time-outs; the template wins over Chalice's configuration."""

    def __init__(
        self, template: Template, config: Path = REPOSITORY / ".chalice/config.json"
    ) -> None:
        """Take the template that is merged, and the configuration that Chalice packages with."""
        self._resources = template.resources
        self._config: dict[str, Any] = json.loads(config.read_text()) if config.exists() else {}

    def of(self, function: str) -> float:
        """Seconds until Lambda would end the function of this name."""
        logical = _API.get(function) or to_cfn_resource_name(function)
        written = self._resources.get(logical, {}).get("Properties", {})
        configured = Config(
            chalice_stage=STAGE, function_name=function, config_from_disk=self._config
        )
        return float(written.get("Timeout") or configured.lambda_timeout or DEFAULT_LAMBDA_TIMEOUT)
