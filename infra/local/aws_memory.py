"""Keeps out of memory what moto loads and nothing here needs: some 20 MB."""

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from botocore.loaders import JSONFileLoader, Loader


class UndocumentedModels(JSONFileLoader):
    """Loads AWS's models of services without their documentation, most of their size."""

    def _load_file(self, full_path: str, open_method: Any) -> Any:
        if not Path(full_path).is_file():
            return None
        with open_method(full_path, "rb") as file:
            return json.loads(file.read(), object_pairs_hook=_undocumented)


def _undocumented(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # A shape's member may be named so: that one is a structure.
    return {
        name: value
        for name, value in pairs
        if name != "documentation" or not isinstance(value, str)
    }


def spare() -> None:
    """Load models as said, and none of the policies that AWS manages.

    Called before the first request: moto imports its services when they are asked.
    """
    Loader.FILE_LOADER_CLASS = UndocumentedModels
    policies = ModuleType("moto.iam.aws_managed_policies")
    policies.aws_managed_policies_data = "{}"  # type: ignore[attr-defined]
    sys.modules[policies.__name__] = policies
