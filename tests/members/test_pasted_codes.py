"""Pasted codes and e-mails are normalised; a text that cannot be a code costs no try."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.members import rules
from chalicelib.members.tables.items import ChallengeItem
from tests.api import Api, new_key
from tests.members.people import People, new_email, new_phone


@pytest.mark.parametrize(
    "spelt",
    [
        "{a} {b}",
        " {a}-{b}\n",
        "{a}\u200b{b}",
        "验证码：{a}{b}",
        "{wide}",
        "{spread}",
        "\ufeff{a}{b}",
        "【积分商城】您的验证码是 {a}{b}，10 分钟内有效，请勿告诉他人。",
    ],
)
def test_a_pasted_code_in_any_form_is_accepted(people: People, spelt: str) -> None:
    challenge_id, code = people.challenge(new_phone())
    wide = code.translate({ord(digit): ord(digit) + 0xFEE0 for digit in code})
    pasted = spelt.format(a=code[:3], b=code[3:], wide=wide, spread=" ".join(code))
    assert people.login(challenge_id, pasted).status == 201


@pytest.mark.parametrize("text", ["abc", "48291", "4829134", "验证码", "482913 482914"])
def test_a_text_that_cannot_be_a_code_costs_no_try(people: People, text: str) -> None:
    challenge_id, code = people.challenge(new_phone())
    for _ in range(rules.CODE_TRIES + 1):
        answer = people.login(challenge_id, text)
        assert (answer.status, answer.body["code"]) == (401, "otp_invalid")
    key = ChallengeItem.key(challenge_id)
    assert ChallengeItem.find(key.pk, key.sk).tries == 0
    assert people.login(challenge_id, code).status == 201


def test_a_pasted_code_links_an_identity_and_its_retry_is_the_same(
    api: Api, people: People
) -> None:
    who = people.sign_in()
    challenge_id, code = people.challenge(new_email(), "email")
    body, key = {"challenge_id": challenge_id, "code": f"{code[:3]} {code[3:]} "}, new_key()
    first = api.post("/v1/me/identities", body, as_=who.token, key=key)
    again = api.post("/v1/me/identities", body, as_=who.token, key=key)
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("spelt", [" {}\n", "\ufeff{}", "{}\u200b", "{wide}"])
def test_a_pasted_e_mail_in_any_form_is_the_same(
    people: People, outbox: list[dict[str, Any]], spelt: str
) -> None:
    address = new_email()
    wide = address.replace("@", "＠").replace(".", "．").replace("example", "Ｅxample")
    people.challenge(spelt.format(address, wide=wide), "email")
    assert outbox[-1]["to"] == address
