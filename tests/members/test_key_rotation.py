"""Keys rotate by one command: nobody is signed out, and what was sealed still opens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import jwt
import pytest
from moto import mock_aws

from chalicelib.kernel import clock, crypto, secrets
from infra.cli.keys import AGAIN_AFTER_S, SIGNS_AFTER_S, rotated
from infra.cli.main import main
from tests.api import Api
from tests.members.people import People, refresh

NOW_S = 1_796_000_000


@pytest.fixture
def vault(engine: str) -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("secretsmanager")


@pytest.fixture
def stage(vault: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A stage that reads its keys anew at each call, as a process does once in five minutes."""
    assert main(["keys", "create"]) == 0

    def read(kind: str) -> Any:
        held = vault.get_secret_value(SecretId=f"jifen-dev-{kind}")["SecretString"]
        return json.loads(held)

    monkeypatch.setattr(secrets, "_secret", read)
    return read


def _wait(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    later = clock.machine_now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "machine_now", lambda: later)


def _key_of(token: str) -> str:
    return str(jwt.get_unverified_header(token)["kid"])


def test_a_rotation_signs_nobody_out(
    api: Api, people: People, stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = people.sign_in()
    assert _key_of(who.token) == "k1"
    assert main(["keys", "rotate", "access_token"]) == 0
    first = refresh(api, who.refresh_token).body
    assert _key_of(first["access_token"]) == "k1"  # others may not know the new one yet
    _wait(monkeypatch, SIGNS_AFTER_S)
    second = refresh(api, first["refresh_token"]).body
    assert _key_of(second["access_token"]) == "k2"
    for token in (who.token, first["access_token"], second["access_token"]):
        assert api.get("/v1/me", as_=token).status == 200
    assert [each["id"] for each in stage("keys")["access_token"]] == ["k2", "k1"]


def test_a_second_rotation_waits_for_the_tokens_of_the_first(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["keys", "rotate", "access_token"]) == 0
    held = stage("keys")
    assert main(["keys", "rotate", "access_token"]) == 1
    assert stage("keys") == held
    _wait(monkeypatch, SIGNS_AFTER_S + AGAIN_AFTER_S)
    assert main(["keys", "rotate", "access_token"]) == 0
    assert [each["id"] for each in stage("keys")["access_token"]] == ["k3", "k2"]


def test_what_an_old_key_sealed_opens_after_any_rotation(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = crypto.encrypt(b"13800138000", "mbr_1")
    for _ in range(2):
        assert main(["keys", "rotate", "field"]) == 0
        _wait(monkeypatch, SIGNS_AFTER_S + AGAIN_AFTER_S)
    assert crypto.decrypt(sealed, "mbr_1") == b"13800138000"
    assert crypto.encrypt(b"x", "mbr_1")[1:3] == b"f3"
    assert len(stage("keys")["field"]) == 3


def test_the_hash_key_is_not_rotated(stage: Any) -> None:
    held = stage("keys")
    with pytest.raises(SystemExit):
        main(["keys", "rotate", "hash"])
    assert stage("keys") == held


def test_ids_of_keys_are_used_once() -> None:
    held: list[dict[str, Any]] = [{"id": "k9", "key": "a"}, {"id": "k10", "key": "b"}]
    made = rotated(held, "access_token", NOW_S)
    assert [each["id"] for each in made] == ["k11", "k9"]
    assert made[0]["since"] == NOW_S + SIGNS_AFTER_S
