"""docs/settings.md: each setting of a stage, made from kernel/config.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec

from chalicelib.kernel.config import Config
from chalicelib.kernel.settings import Settings, variable_of

_HEAD = """# Settings

Each function reads these variables when it starts. A value that a setting cannot have ends the
function with the variable's name. Give a stage its own values in `.chalice/config.json`, under
`stages`, `environment_variables`. `make package` fills in what has no default here and the stage
needs: names of buckets, queues and topics.

This file is made from `chalicelib/kernel/config.py`: `.venv/bin/python -m infra.docs` writes it.
"""


def settings_table() -> str:
    """The document: the program's settings, then a table for each context."""
    parts = [_HEAD, *_section("The program", Config)]
    for field in msgspec.structs.fields(Config):
        if isinstance(field.default, Settings):
            parts += _section(field.name.capitalize(), type(field.default))
    return "\n".join(parts)


def _section(title: str, section: type[Settings]) -> Iterator[str]:
    yield f"## {title}\n\n| setting | default | effect |\n|---|---|---|"
    hints = get_type_hints(section, include_extras=True)
    for field in msgspec.structs.fields(section):
        if not isinstance(field.default, Settings):
            about = get_args(hints[field.name])[1].description
            yield f"| `{variable_of(field.name)}` | {_shown(field.default)} | {about} |"
    yield ""


def _shown(default: Any) -> str:
    if default is msgspec.NODEFAULT:
        return "required"
    if isinstance(default, tuple):
        default = ",".join(map(str, default))
    return f"`{default}`" if default != "" else "–"
