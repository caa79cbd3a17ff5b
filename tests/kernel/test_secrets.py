"""Keys: field encryption over a rotation, access tokens under two live keys."""

from __future__ import annotations

import base64
import copy
from datetime import timedelta
from typing import Any

import jwt
import pytest
from aws_lambda_powertools.utilities.parameters import GetParameterError
from chalice.app import AuthRequest

from chalicelib.kernel import clock, crypto, ids, secrets
from chalicelib.kernel.errors import Unauthenticated, Unavailable
from chalicelib.kernel.web import auth
from chalicelib.kernel.web.requests import Caller
from tests.conftest import SECRETS, Time
from tests.kernel.failing_secrets import failing

CALLER = Caller("mbr_1", "ses_1", frozenset({"member", "ops"}))


def _key(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


def rotate(monkeypatch: pytest.MonkeyPatch, purpose: str, *keys: tuple[str, str]) -> None:
    changed = copy.deepcopy(SECRETS)
    changed["keys"][purpose] = [{"id": name, "key": _key(letter)} for name, letter in keys]
    monkeypatch.setattr(secrets, "_secret", changed.__getitem__)


def test_a_value_sealed_with_an_old_key_opens_until_the_key_is_removed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rotate(monkeypatch, "field", ("f1", "a"))
    sealed = crypto.encrypt(b"+8613800138000", "mbr_1")
    rotate(monkeypatch, "field", ("f2", "b"), ("f1", "a"))
    assert crypto.decrypt(sealed, "mbr_1") == b"+8613800138000"
    assert crypto.encrypt(b"x", "mbr_1")[1:3] == b"f2"
    rotate(monkeypatch, "field", ("f2", "b"))
    with pytest.raises(KeyError):
        crypto.decrypt(sealed, "mbr_1")


def test_a_sealed_value_opens_only_where_it_is_bound() -> None:
    sealed = crypto.encrypt(b"secret", "mbr_1")
    with pytest.raises(crypto.Unopened):
        crypto.decrypt(sealed, "mbr_2")
    with pytest.raises(crypto.Unopened):
        crypto.decrypt(sealed[:-1] + bytes([sealed[-1] ^ 1]), "mbr_1")


def test_a_value_is_sealed_differently_each_time() -> None:
    sealed = {crypto.encrypt(b"secret", "mbr_1") for _ in range(20)}
    assert len(sealed) == 20
    assert all(b"secret" not in one for one in sealed)


def test_a_keyed_hash_is_bound_to_its_purpose_and_its_parts() -> None:
    hashes = {
        crypto.keyed_hash("otp", "a", "b"),
        crypto.keyed_hash("id", "a", "b"),
        crypto.keyed_hash("otp", "ab"),
        crypto.keyed_hash("otp", "a", "c"),
    }
    assert len(hashes) == 4
    assert crypto.keyed_hash("otp", "a", "b") in hashes


def test_a_digest_of_content_cannot_be_made_without_the_stages_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = ids.digest(b"+8613800138000")
    assert made == ids.digest(b"+8613800138000") != ids.digest(b"+8613800138001")
    changed = copy.deepcopy(SECRETS)
    changed["keys"]["hash"] = _key("h")
    monkeypatch.setattr(secrets, "_secret", changed.__getitem__)
    assert ids.digest(b"+8613800138000") != made


def test_a_stage_may_lack_partners_but_not_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failing(monkeypatch, "ResourceNotFoundException")
    assert secrets.partner_secrets("shop-1") == []
    with pytest.raises(GetParameterError):
        auth.verify("x", clock.now())


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServiceError"])
def test_unreadable_secrets_are_an_outage(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    failing(monkeypatch, code)
    with pytest.raises(Unavailable):
        secrets.keys("access_token")
    with pytest.raises(Unavailable):
        secrets.partner_secrets("shop-1")


def test_a_token_names_its_caller() -> None:
    now = clock.now()
    assert auth.verify(auth.issue(CALLER, now), now) == CALLER


def test_both_live_keys_are_accepted_and_a_retired_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = clock.now()
    rotate(monkeypatch, "access_token", ("k1", "a"))
    old = auth.issue(CALLER, now)
    rotate(monkeypatch, "access_token", ("k2", "b"), ("k1", "a"))
    new = auth.issue(CALLER, now)
    assert jwt.get_unverified_header(new)["kid"] == "k2"
    assert auth.verify(old, now) == auth.verify(new, now) == CALLER
    rotate(monkeypatch, "access_token", ("k3", "c"), ("k2", "b"))
    assert auth.verify(new, now) == CALLER
    with pytest.raises(Unauthenticated):
        auth.verify(old, now)


def test_a_token_lives_15_minutes_on_the_programs_clock(time: Time) -> None:
    time.advance_to_noon()
    made = auth.issue(CALLER, clock.now())
    time.advance(minutes=14, seconds=58)
    assert auth.verify(made, clock.now()) == CALLER
    time.advance(seconds=2)
    with pytest.raises(Unauthenticated):
        auth.verify(made, clock.now())


def _signed(algorithm: str = "HS256", kid: Any = "k2", secret: Any = None, **changes: Any) -> str:
    key = secrets.keys("access_token")[0].key if secret is None else secret
    expires = int((clock.now() + timedelta(minutes=5)).timestamp())
    claims = {"iss": "jifen", "sub": "mbr_1", "sid": "ses_1", "roles": ["admin"], "exp": expires}
    kept = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return jwt.encode(kept, key or None, algorithm=algorithm, headers={"kid": kid} if kid else {})


@pytest.mark.parametrize(
    "changes",
    [
        {"algorithm": "none", "secret": b""}, {"algorithm": "HS384"}, {"kid": "k9"}, {"kid": None},
        {"secret": b"y" * 32}, {"iss": "another"}, {"iss": None}, {"exp": None}, {"sub": None},
        {"sid": None}, {"roles": None}, {"roles": 7},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_of_another_form_is_refused(changes: dict[str, Any]) -> None:
    assert auth.verify(_signed(), clock.now()).member_id == "mbr_1"
    with pytest.raises(Unauthenticated):
        auth.verify(_signed(**changes), clock.now())


def test_a_token_with_a_critical_extension_is_refused() -> None:
    key = secrets.keys("access_token")[0].key
    claims = jwt.decode(_signed(), key, algorithms=["HS256"])
    made = jwt.encode(claims, key, algorithm="HS256", headers={"kid": "k2", "crit": ["b64"]})
    with pytest.raises(Unauthenticated):
        auth.verify(made, clock.now())


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "积分", "..", "e30.e30.e30", "\ud800"])
def test_a_text_that_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(Unauthenticated):
        auth.verify(text, clock.now())


def _ask(header: str) -> dict[str, Any]:
    arn = "arn:aws:execute-api:ap-southeast-1:123456789012:api/dev/GET/v1/me"
    request = AuthRequest("TOKEN", header, arn)
    answer: dict[str, Any] = auth.authorize.func(request).to_dict(request)
    return answer


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_the_authorizer_names_the_caller_to_api_gateway(scheme: str) -> None:
    answer = _ask(f"{scheme} {auth.issue(CALLER, clock.now())}")
    assert answer["principalId"] == "mbr_1"
    assert answer["context"] == {"session_id": "ses_1", "roles": "member,ops"}
    event = {"requestContext": {"authorizer": {"principalId": "mbr_1", **answer["context"]}}}
    assert auth.caller_of(event) == CALLER


@pytest.mark.parametrize("scheme", ["", "Basic ", "Bearer x", "BearerX"])
def test_the_authorizer_refuses_other_callers(scheme: str) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        _ask(scheme + auth.issue(CALLER, clock.now()))


@pytest.mark.parametrize("context", [{}, {"authorizer": None}, {"authorizer": {}}])
def test_an_event_without_an_authorizer_has_no_caller(context: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        auth.caller_of({"requestContext": context})
