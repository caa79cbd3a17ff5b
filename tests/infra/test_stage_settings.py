"""A stage with placeholder settings is not packaged."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.deploy.errors import PackagingFailed
from infra.deploy.finishing import finish
from infra.deploy.stage_settings import SENDER as SENDER_SETTING
from infra.deploy.stage_settings import check_settings, with_sender
from tests.infra.conftest import ROOT, SENDER
from tests.infra.templates import Packaged

WRITTEN: dict[str, Any] = json.loads((ROOT / ".chalice/config.json").read_text("utf-8"))


def configured(stage: str = "prod") -> dict[str, Any]:
    return copy.deepcopy(with_sender(stage, WRITTEN, SENDER))


def refusal(stage: str, written: dict[str, Any]) -> str:
    with pytest.raises(PackagingFailed) as refused:
        check_settings(stage, written)
    return str(refused.value)


@pytest.mark.parametrize("stage", [each for each in WRITTEN["stages"] if each != "dev"])
def test_no_stage_but_dev_is_packaged_with_the_sender_of_this_repository(
    stage: str, tmp_path: Path
) -> None:
    out = tmp_path / "dist"
    command = [sys.executable, "-m", "infra.deploy", "--stage", stage, "--out", str(out)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert f".chalice/config.json: stages.{stage}.environment_variables" in ended.stderr
    assert f"{SENDER_SETTING} is '" in ended.stderr
    assert "SENDER=<address>" in ended.stderr
    assert not out.exists()


def test_a_given_sender_is_set_for_every_function(prod: Packaged, dev: Packaged) -> None:
    senders = [f["Environment"]["Variables"][SENDER_SETTING] for f in prod.functions.values()]
    assert set(senders) == {SENDER}
    check_settings("dev", WRITTEN)
    senders = [f["Environment"]["Variables"][SENDER_SETTING] for f in dev.functions.values()]
    assert set(senders) == {WRITTEN["stages"]["dev"]["environment_variables"][SENDER_SETTING]}


@pytest.mark.parametrize(
    "sender",
    [
        "jifen@example.com", "mall@shop.example.org", "mall@jifen.example", "mall@shop.test",
        "mall@localhost", "mall@shop.invalid", "积分商城 <mall@jifen.example>", "<address>",
        "change-me@shop.cn", "changeme", "mall", "", "@shop.cn", "mall@your-domain.cn",
    ],
)  # fmt: skip
def test_a_placeholder_sender_is_refused_by_name(sender: str) -> None:
    written = configured()
    written["stages"]["prod"]["environment_variables"][SENDER_SETTING] = sender
    said = refusal("prod", written)
    assert said.startswith(".chalice/config.json: ")
    assert SENDER_SETTING in said


def shown_senders() -> list[str]:
    """Each sender in the documents."""
    texts = [
        path.read_text("utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
    ]
    return [each for text in texts for each in re.findall(r"\bSENDER=([^\s`…]+)", text)]


def test_a_sender_from_a_document_is_a_placeholder() -> None:
    assert shown_senders()
    for sender in shown_senders():
        with pytest.raises(PackagingFailed, match="is a placeholder"):
            check_settings("prod", WRITTEN, sender)


@pytest.mark.parametrize(
    ("sender", "why"),
    [
        ("foo", "it is no address"),
        ("x@example.com", "example.com is a placeholder"),
        ("mall@your-domain.cn", "your-domain is a placeholder"),
    ],
)
def test_a_refused_sender_is_named_as_it_was_given(sender: str, why: str) -> None:
    with pytest.raises(PackagingFailed) as refused:
        check_settings("prod", WRITTEN, sender)
    assert str(refused.value).startswith(f"SENDER (--sender) is {sender!r}: {why}")
    assert ".chalice" not in str(refused.value)
    check_settings("prod", WRITTEN, SENDER)
    check_settings("dev", WRITTEN, "x@example.com")
    with pytest.raises(PackagingFailed, match="it is no address"):
        check_settings("dev", WRITTEN, "foo")


def test_a_stage_without_a_sender_needs_one_for_all_stages() -> None:
    written = configured()
    del written["stages"]["prod"]["environment_variables"][SENDER_SETTING]
    assert SENDER_SETTING in refusal("prod", written)
    check_settings("prod", {**written, "environment_variables": {SENDER_SETTING: SENDER}})


@pytest.mark.parametrize(
    "value",
    [
        "https://mall.example.com", "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q",
        "arn:aws:sns:ap-southeast-1:123456789012:alarms", "<your bucket>", "http://localhost:9/x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["stage", "all stages", "function"])
def test_any_other_placeholder_is_refused_in_any_setting(value: str, place: str) -> None:
    written, variables = configured(), {"JIFEN_STRIPE_API_BASE": value}
    at = {
        "stage": written["stages"]["prod"],
        "all stages": written,
        "function": written["lambda_functions"]["authorize"],
    }[place]
    at["environment_variables"] = {**at.get("environment_variables", {}), **variables}
    said = refusal("prod", written)
    assert "environment_variables.JIFEN_STRIPE_API_BASE" in said
    check_settings("dev", written)


@pytest.mark.parametrize(
    "value",
    [
        "https://api.stripe.com", "https://mall.examples.com", "https://example.com.cn",
        "https://test.jifen-mall.cn", "https://latest.test-mall.cn", "1234567890123",
    ],
)  # fmt: skip
def test_a_real_domain_is_no_placeholder(value: str) -> None:
    written = configured()
    written["stages"]["prod"]["environment_variables"]["JIFEN_STRIPE_API_BASE"] = value
    check_settings("prod", written)


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_stage_with_the_name_of_another_is_refused(stage: str) -> None:
    written = configured(stage)
    written["stages"][stage]["environment_variables"]["JIFEN_STAGE"] = "staging"
    assert f"stages.{stage} must set JIFEN_STAGE to {stage}" in refusal(stage, written)


def test_a_placeholder_stream_is_not_deployed() -> None:
    relay = {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Stream": "arn:aws:dynamodb:us-east-1:123456789012:table/jifen-dev-orders/stream/any"
        },
    }
    api = {"Type": "AWS::Serverless::Api", "Properties": {"DefinitionBody": {}}}
    template = {"Parameters": {"Stage": {}}, "Resources": {"RestAPI": api, "Relay": relay}}
    with pytest.raises(PackagingFailed, match="does not say what Relay reads from"):
        finish(template, "dev")
