"""The operators' command line: staff roles, keys, partners' secrets."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.audit import queries as audit_queries
from chalicelib.kernel import clock, secrets
from chalicelib.kernel.cursors import PageQuery
from chalicelib.kernel.secrets import _secret as read_secret
from chalicelib.kernel.signatures import sign
from chalicelib.kernel.web import auth
from chalicelib.members import actions, find_member
from infra.cli import operators
from infra.cli.main import main
from tests.api import Api
from tests.members.people import new_email, new_phone


@pytest.fixture(autouse=True)
def _operator(monkeypatch: pytest.MonkeyPatch) -> None:
    arn = "arn:aws:sts::123456789012:assumed-role/ops/alice"
    monkeypatch.setattr(operators, "_identity", lambda: {"Arn": arn})


@pytest.fixture
def vault(engine: str) -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("secretsmanager")


def acts_on(subject: str) -> list[tuple[str, str]]:
    """Acts with their actors, oldest first."""
    found = audit_queries.acts_on(subject, PageQuery(limit=100), lambda act: act).data
    return [(act.action, act.actor.member_id) for act in reversed(found)]


def stored(vault: Any, kind: str) -> Any:
    return json.loads(vault.get_secret_value(SecretId=f"jifen-dev-{kind}")["SecretString"])


def test_a_first_ops_account_is_made_and_signs_in_with_its_role(
    engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = new_phone()
    assert main(["members", "grant", "--phone", phone, "--role", "ops"]) == 0
    assert main(["members", "grant", "--phone", phone, "--role", "admin"]) == 0
    shown = capsys.readouterr().out
    member_id = find_member(phone=phone)
    assert str(member_id) in shown
    assert "roles    member, admin, ops" in shown
    assert phone not in shown
    login = actions.sign_in_as(phone=phone, now=clock.now())
    assert login.member_id == member_id
    caller = auth.verify(login.access_token, clock.now())
    assert caller.roles == {"member", "ops", "admin"}
    assert acts_on(str(member_id)) == [("member.grant", "operator:alice")] * 2


def test_the_audit_records_every_role_change(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = new_phone()

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(operators, "record", fails)
    with pytest.raises(RuntimeError):
        main(["members", "grant", "--phone", phone, "--role", "ops"])
    login = actions.sign_in_as(phone=phone, now=clock.now())
    assert auth.verify(login.access_token, clock.now()).roles == {"member"}
    assert acts_on(login.member_id) == []


def test_a_role_is_taken_away_again(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    address = new_email()
    main(["members", "grant", "--email", address, "--role", "agent"])
    assert main(["members", "revoke", "--email", address.upper(), "--role", "agent"]) == 0
    capsys.readouterr()
    assert main(["members", "show", "--email", address]) == 0
    assert "roles    member\n" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["revoke", "show"])
def test_showing_or_revoking_roles_registers_no_member(
    engine: str, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    phone = new_phone()
    role = ["--role", "ops"] if command == "revoke" else []
    assert main(["members", command, "--phone", phone, *role]) == 1
    assert capsys.readouterr().err == "jifen: no member has this phone or e-mail\n"
    assert find_member(phone=phone) is None


def test_a_bad_phone_is_reported_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["members", "grant", "--phone", "12", "--role", "ops"]) == 1
    assert "phone is not a valid number" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["members"],
        ["members", "grant", "--role", "ops"],
        ["members", "grant", "--phone", "1", "--email", "a@example.com", "--role", "ops"],
        ["members", "grant", "--phone", "1", "--role", "root"],
        ["partners", "add", "Shop 1"],
    ],
)
def test_a_usage_error_exits_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_keys_are_created_once_and_never_replaced(
    vault: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "create"]) == 0
    made = stored(vault, "keys")
    assert main(["keys", "create", "--stage", "dev"]) == 0
    assert stored(vault, "keys") == made
    assert set(made) == {"access_token", "field", "hash", "cursor"}
    texts = [made["hash"], made["cursor"], made["field"][0]["key"], made["access_token"][0]["key"]]
    assert {len(base64.b64decode(text)) for text in texts} == {32}
    assert len(set(texts)) == 4
    told = capsys.readouterr().out
    assert not any(text in told for text in texts)


def test_a_partner_has_two_live_secrets_at_most_and_a_new_one_is_printed_once(
    vault: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for command in ("add", "rotate", "rotate"):
        assert main(["partners", command, "shop-9"]) == 0
        told.append(capsys.readouterr().out.splitlines()[1].removeprefix("secret  "))
    assert stored(vault, "partners") == {"shop-9": [told[2], told[1]]}
    assert main(["partners", "add", "shop-8"]) == 0
    assert set(stored(vault, "partners")) == {"shop-8", "shop-9"}


def test_a_known_partner_is_not_added_again_and_an_unknown_one_is_not_rotated(
    vault: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["partners", "rotate", "shop-9"]) == 1
    assert main(["partners", "add", "shop-9"]) == 0
    before = stored(vault, "partners")
    assert main(["partners", "add", "shop-9"]) == 1
    assert "already" in capsys.readouterr().err
    assert stored(vault, "partners") == before


def test_partners_are_listed_without_their_secrets(
    vault: Any, time: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    time.advance_to_noon()
    assert main(["partners", "list"]) == 0
    assert capsys.readouterr().out == "no partner yet: partners add makes one\n"
    # One that an earlier release added: the audit knows nothing of it.
    vault.create_secret(Name="jifen-dev-partners", SecretString='{"shop-old": ["a", "b", "c"]}')
    shop = f"shop-{new_phone()[3:]}"
    added = clock.rfc3339(clock.now())
    assert main(["partners", "add", shop]) == 0
    time.advance(days=3)
    rotated = clock.rfc3339(clock.now())
    assert main(["partners", "rotate", shop]) == 0
    capsys.readouterr()
    assert main(["partners", "list"]) == 0
    shown = capsys.readouterr().out.splitlines()
    # However long an id or a time is, each stands below its title.
    starts = [shown[0].index(title) for title in ("secrets", "added", "newest secret")]
    assert all(line[at - 2 : at] == "  " and line[at] != " " for line in shown for at in starts)
    lines = [line.split() for line in shown[1:]]
    [mine] = [line for line in lines if line[0] == shop]
    assert lines == sorted([["shop-old", "2", "-", "-"], mine])
    assert mine[1] == "2"
    assert (mine[2][:17], mine[3][:17]) == (added[:17], rotated[:17])
    assert not any(s in str(lines) for each in stored(vault, "partners").values() for s in each)


def test_a_partner_is_removed_after_a_confirmation(
    vault: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = f"shop-{new_phone()[3:]}"
    for partner in (shop, "shop-8"):
        main(["partners", "add", partner])
    before = stored(vault, "partners")
    assert main(["partners", "remove", shop]) == 1
    said = capsys.readouterr().err
    assert said == f"jifen: not at a terminal: add --yes to remove {shop}\n"
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "shop-8")
    assert main(["partners", "remove", shop]) == 1
    assert f"{shop} stays" in capsys.readouterr().err
    assert main(["partners", "remove", "nobody", "--yes"]) == 1
    assert stored(vault, "partners") == before
    assert acts_on(f"partner:{shop}") == [("partner.add", "operator:alice")]
    monkeypatch.setattr("builtins.input", lambda _: shop)
    assert main(["partners", "remove", shop]) == 0
    assert "within five minutes" in capsys.readouterr().out
    assert set(stored(vault, "partners")) == {"shop-8"}
    assert [action for action, _ in acts_on(f"partner:{shop}")] == ["partner.add", "partner.remove"]


def test_requests_of_a_removed_partner_are_refused_after_five_minutes(
    vault: Any, api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert secrets.MAX_AGE_S == 300
    kept = secrets._secret
    monkeypatch.setattr(
        secrets, "_secret", lambda name: (read_secret if name == "partners" else kept)(name)
    )
    secrets._provider.cache_clear()
    main(["partners", "add", "shop-9"])
    secret = capsys.readouterr().out.splitlines()[1].removeprefix("secret  ")
    assert asked_by(api, "shop-9", secret) == 404
    main(["partners", "remove", "shop-9", "--yes"])
    # Until then a function that knows its secret takes it.
    assert asked_by(api, "shop-9", secret) == 404
    secrets._provider.cache_clear()
    assert asked_by(api, "shop-9", secret) == 401
    secrets._provider.cache_clear()


def asked_by(api: Api, partner: str, secret: str) -> int:
    """The status of a signed request for an unknown hold."""
    at_s = int(clock.machine_now().timestamp())
    signature = f"t={at_s},v1={sign(secret, at_s, b'')}"
    headers = {"Jifen-Key": partner, "Jifen-Signature": signature}
    return api.get("/v1/partner/holds/none", headers=headers).status
