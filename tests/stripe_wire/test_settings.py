"""The secrets that a stage shares with Stripe: operators store them, functions read them."""

from __future__ import annotations

import copy
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.kernel import secrets
from chalicelib.kernel.errors import Unavailable
from chalicelib.payments.actions import stripe_gateway
from infra.cli.main import main
from tests.conftest import SECRETS
from tests.kernel.failing_secrets import failing


@pytest.fixture
def vault() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("secretsmanager")


def stored(vault: Any) -> Any:
    return json.loads(vault.get_secret_value(SecretId="jifen-dev-stripe")["SecretString"])


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_keys_are_stored_once_and_never_shown(
    vault: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "sk_live_1", "whsec_1")
    assert main(["stripe", "set-keys"]) == 0
    assert stored(vault) == {"api_key": "sk_live_1", "webhook_secrets": ["whsec_1"]}
    told = capsys.readouterr().out
    assert "sk_live_1" not in told
    assert "whsec_1" not in told


def test_a_new_api_key_keeps_the_webhook_secrets(
    vault: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "sk_live_1", "whsec_1", "rk_live_2")
    assert main(["stripe", "set-keys"]) == main(["stripe", "set-keys"]) == 0
    assert stored(vault) == {"api_key": "rk_live_2", "webhook_secrets": ["whsec_1"]}


def test_at_most_two_webhook_secrets_are_valid(vault: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "sk_live_1", "whsec_1", "whsec_2", "whsec_3", "whsec_3")
    main(["stripe", "set-keys"])
    assert main(["stripe", "rotate"]) == 0
    assert stored(vault)["webhook_secrets"] == ["whsec_2", "whsec_1"]
    for _ in range(2):
        assert main(["stripe", "rotate"]) == 0
        assert stored(vault)["webhook_secrets"] == ["whsec_3", "whsec_2"]
    assert main(["stripe", "end-rotation"]) == 0
    assert stored(vault) == {"api_key": "sk_live_1", "webhook_secrets": ["whsec_3"]}


@pytest.mark.parametrize("line", ["", "pk_live_1", "sk live", "sk_é"])
def test_an_invalid_key_is_refused_and_changes_nothing(
    vault: Any, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    typed(monkeypatch, "sk_live_1", "whsec_1", line)
    main(["stripe", "set-keys"])
    before = stored(vault)
    assert main(["stripe", "set-keys"]) == 1
    assert stored(vault) == before


def test_a_secret_cannot_be_rotated_before_its_first_value(
    vault: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed(monkeypatch, "whsec_1")
    assert main(["stripe", "rotate"]) == 1
    assert "set-keys comes first" in capsys.readouterr().err


def test_functions_read_the_key_and_at_most_two_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = copy.deepcopy(SECRETS)
    changed["stripe"] = {"api_key": "sk_1", "webhook_secrets": ["a", "b", "c"]}
    monkeypatch.setattr(secrets, "_secret", changed.__getitem__)
    assert secrets.stripe() == secrets.Stripe("sk_1", ("a", "b"))


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "ThrottlingException"])
def test_a_stage_without_readable_keys_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    failing(monkeypatch, code)
    with pytest.raises(Unavailable):
        secrets.stripe()
    with pytest.raises(Unavailable):
        stripe_gateway.gateway()


def test_a_process_keeps_its_client_until_the_key_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = stripe_gateway.gateway()
    assert stripe_gateway.gateway() is first
    changed = {"stripe": {"api_key": "sk_other", "webhook_secrets": ["a"]}}
    monkeypatch.setattr(secrets, "_secret", changed.__getitem__)
    assert stripe_gateway.gateway() is not first


def test_the_gateway_is_imported_without_stripes_client() -> None:

    code = (
        "import sys, chalicelib.payments.actions.stripe_gateway; assert 'stripe' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
