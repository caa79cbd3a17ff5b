"""Destinations, masks and other values of members."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel import ids
from chalicelib.kernel.errors import Invalid
from chalicelib.members import identity_hash, rules
from chalicelib.members.rules import Destination
from chalicelib.members.rules.addresses import check_may_unset

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("13800138000", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("(138) 0013 8000", "+8613800138000"),
        ("+6591234567", "+6591234567"),
        ("+12025550123", "+12025550123"),
    ],
)
def test_all_spellings_of_a_phone_number_are_equal(text: str, e164: str) -> None:
    assert rules.phone_destination(text, "phone") == Destination("phone", e164)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "12345", "+8610 12345678", "+861380013800", "+1 800 555 0100",
     "+8613800138000;ext=5", "+99912345678", "tel:+8613800138000", "+86138001380001"],
)  # fmt: skip
def test_a_phone_that_cannot_receive_sms_is_refused_by_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.phone_destination(text, "member.phone")
    assert [field.field for field in refused.value.fields] == ["member.phone"]


@pytest.mark.parametrize(
    "text", ["", "a", "a@", "a@b", "a@例 子.中国", "a b@example.com", "用户@例子.中国"]
)
def test_a_bad_e_mail_is_refused_by_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.email_destination(text, "email")
    assert [field.field for field in refused.value.fields] == ["email"]


def test_an_e_mail_domain_becomes_lower_case_ascii_and_the_name_is_kept() -> None:
    assert rules.email_destination(" Li.Lei@EXAMPLE.com ", "email").text == "Li.Lei@example.com"
    assert rules.email_destination("a@例子.中国", "email").text == "a@xn--fsqu00a.xn--fiqs8s"


def test_spellings_of_an_identity_share_a_hash_and_kinds_do_not() -> None:
    assert identity_hash(email="Li.Lei@Example.com") == identity_hash(email="li.lei@example.COM")
    assert identity_hash(phone="13800138000") == identity_hash(phone="+86 138 0013 8000")
    assert identity_hash(phone="13800138000") != identity_hash(phone="13800138001")
    assert len(identity_hash(phone="13800138000")) == 64


@pytest.mark.parametrize(("phone", "email"), [(None, None), ("13800138000", "a@example.com")])
def test_an_identity_is_either_a_phone_or_an_e_mail(phone: str | None, email: str | None) -> None:
    with pytest.raises(Invalid):
        identity_hash(phone=phone, email=email)


@pytest.mark.parametrize(
    ("destination", "masked"),
    [
        (Destination("phone", "+8613800138000"), "+86138****8000"),
        (Destination("phone", "+6591234567"), "+65****4567"),
        (Destination("email", "alice@example.com"), "a***@example.com"),
        (Destination("email", "a@example.com"), "a***@example.com"),
    ],
)
def test_a_mask_is_recognisable_to_its_owner(destination: Destination, masked: str) -> None:
    assert destination.masked == masked


@pytest.mark.parametrize(
    ("ip", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_subscriber_is_counted_as_one(ip: str, counted: str) -> None:
    assert rules.origin(ip) == counted


@given(st.text(max_size=60))
def test_no_text_is_an_id_of_another_kind_or_breaks_a_phone_number(text: str) -> None:
    assert not ids.is_id("adr", f"ord_{text}")
    try:
        found = rules.phone_destination(text, "phone")
    except Invalid:
        return
    assert found.text.startswith("+")


def test_the_default_address_stays_until_another_takes_its_place() -> None:
    check_may_unset("adr_1", "adr_2")
    check_may_unset("adr_1", None)
    with pytest.raises(Invalid) as refused:
        check_may_unset("adr_1", "adr_1")
    (error,) = refused.value.fields
    assert (error.field, error.code) == ("is_default", "choose_another")
