"""Refuses a stage whose settings are placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from infra.deploy.errors import PackagingFailed

FILE = ".chalice/config.json"
SENDER = "JIFEN_EMAIL_SENDER"
# The one stage that may be packaged with these settings: it sends no letters.
UNMANNED = "dev"
# Source: RFC 2606 and RFC 6761, names that nobody can own; the account of AWS's own examples.
_RESERVED = re.compile(
    r"\b(?:example\.(?:com|net|org)|[a-z0-9-]+\.(?:example|test|invalid|localhost)|localhost)"
    r"(?![a-z0-9.-]*[a-z0-9])|\b123456789012\b",
    re.IGNORECASE,
)
_TO_FILL_IN = re.compile(
    # `your-domain` stands in the README's own example.
    r"<[^>]*>|\b(?:changeme|change-me|xxx+)\b|\byour-domain\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+\Z")


def check_settings(stage: str, written: Mapping[str, Any], sender: str | None = None) -> None:
    """Refuse a stage that carries another's name, or whose settings hold placeholders.

    `written` is the content of .chalice/config.json; `sender` stands in for the setting there.

    Raises PackagingFailed naming the setting and its file, or the sender that was given.
    """
    if sender:
        _check_given(sender, stage)
        written = with_sender(stage, written, sender)
    of_stage = written["stages"][stage].get("environment_variables", {})
    if of_stage.get("JIFEN_STAGE") != stage:
        # The functions take every name of a table, a queue, a secret from it.
        raise PackagingFailed(f"{FILE}: stages.{stage} must set JIFEN_STAGE to {stage}")
    if stage == UNMANNED:
        return
    for at, value in _settings(stage, written):
        if found := _placeholder(value):
            raise PackagingFailed(
                f"{FILE}: {at} is {value!r}: {found[0]} is a placeholder; set what stage {stage} "
                f"has instead{_by_the_way(at)}"
            )
    of_all = written.get("environment_variables", {})
    if not _ADDRESS.match(sender or of_stage.get(SENDER) or of_all.get(SENDER, "")):
        raise PackagingFailed(
            f"{FILE}: stages.{stage} must set {SENDER} to an address that SES has verified"
            f"{_by_the_way(SENDER)}"
        )


def _check_given(sender: str, stage: str) -> None:
    """Raises PackagingFailed."""
    given = f"SENDER (--sender) is {sender!r}"
    if not _ADDRESS.match(sender):
        raise PackagingFailed(f"{given}: it is no address; give one that SES has verified")
    found = _placeholder(sender)
    if found and stage != UNMANNED:
        raise PackagingFailed(f"{given}: {found[0]} is a placeholder; give what stage {stage} has")


def _placeholder(value: str) -> re.Match[str] | None:
    return _RESERVED.search(value) or _TO_FILL_IN.search(value)


def with_sender(stage: str, written: Mapping[str, Any], sender: str) -> dict[str, Any]:
    """The same settings with letters of the stage coming from this address."""
    of_stage = written["stages"][stage]
    variables = {**of_stage.get("environment_variables", {}), SENDER: sender}
    changed = {**of_stage, "environment_variables": variables}
    return {**written, "stages": {**written["stages"], stage: changed}}


def _by_the_way(at: str) -> str:
    return ", or package with SENDER=<address>" if at.endswith(SENDER) else ""


def _settings(stage: str, written: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each text that reaches the stage, with its place; the stage's own come first."""
    own = written["stages"][stage]
    yield from _texts(own, f"stages.{stage}")
    hidden = own.get("environment_variables", {})
    for name, value in written.items():
        if name == "environment_variables":
            shown = {each: text for each, text in value.items() if each not in hidden}
            yield from _texts(shown, name)
        elif name != "stages":
            yield from _texts(value, name)


def _texts(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, f"{at}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{at}[{number}]")
