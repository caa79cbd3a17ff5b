"""The settings of the tests' stage with some of them changed."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict, replace

from chalicelib.kernel.config import Config, config
from chalicelib.kernel.settings import Settings


def changed(**values: Any) -> Config:
    """The settings with these values, each in the section that has it."""
    made, left = config(), dict(values)
    for name, section in asdict(made).items():
        if isinstance(section, Settings):
            own = {key: left.pop(key) for key in list(left) if key in section.__struct_fields__}
            made = replace(made, **{name: replace(section, **own)})
    return replace(made, **left)
