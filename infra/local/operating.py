"""Points the commands of operators at the stack of this machine: engines, settings, clock."""

import json
import os
from datetime import UTC, datetime, timedelta

from infra.local import environment
from infra.local.clock import ProgramClock
from infra.local.errors import StackError
from infra.local.providers.apps import settings_for
from infra.local.settings import from_environment
from infra.local.template import load


def point_here() -> None:
    """Give this process and its children the environment of the stack's functions.

    Raises StackError if no stack runs on the data folder.
    """
    settings = from_environment()
    try:
        made = json.loads((settings.home / "stack.json").read_text())
    except FileNotFoundError as error:
        raise StackError(f"no stack runs on {settings.home}: make run starts one") from error
    template = load(settings.template)
    template.refs |= made["refs"]
    template.attributes |= made["attributes"]
    # The gateway runs functions for who is no function itself.
    endpoints = {**made["aws_endpoints"], "lambda": made["url"]}
    sign_in = settings_for(made["sign_in_api"], [made["url"]])
    found = environment.of_functions(
        settings, template, endpoints, made["stripe_api"], sign_in, made["url"]
    )
    for name in [each for each in os.environ if each not in found]:
        del os.environ[name]
    os.environ.update(found)
    _set_clock(timedelta(seconds=ProgramClock(settings.home).offset_s()))


def _set_clock(ahead: timedelta) -> None:
    """Use the stack's clock, which may be days ahead of the machine's."""
    from chalicelib.kernel import clock

    clock.source = lambda: datetime.now(UTC) + ahead
