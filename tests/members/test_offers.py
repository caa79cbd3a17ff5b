"""The face of members for other contexts, and the facts of the table's stream."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from msgspec import to_builtins

from chalicelib.kernel import clock, ids
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.store.facts import Fact
from chalicelib.members import (
    actions,
    contact_of,
    default_address,
    events,
    find_member,
    identity_hash,
    rules,
)
from chalicelib.members.rules import Contact
from chalicelib.members.tables.items import MembersItem
from tests.api import Api, new_key
from tests.members.people import People, new_email, new_phone

TABLE = MembersItem.Meta.table_name


def test_a_member_is_found_by_id_phone_or_e_mail_in_any_spelling(people: People) -> None:
    who = people.sign_in()
    address = new_email()
    people.link(who, address, "email")
    assert find_member(member_id=who.id) == who.id
    assert find_member(phone=f"{who.phone[3:6]} {who.phone[6:]}") == who.id
    assert find_member(email=address.upper()) == who.id
    assert find_member(phone=new_phone()) is None
    assert find_member(member_id=ids.new_id("mbr")) is None
    assert find_member(member_id="x\x00") is None
    with pytest.raises(Invalid):
        find_member(phone="1")


def test_a_contact_is_unsealed_and_has_the_language_of_the_last_login(
    api: Api, people: People
) -> None:
    who = people.sign_in()
    assert contact_of(who.id) == Contact(who.phone, None, "en", None)
    challenge_id, code = people.challenge(who.phone)
    body = {"grant": "otp", "challenge_id": challenge_id, "code": code}
    api.post("/v1/auth/sessions", body, headers={"Accept-Language": "zh-CN"})
    api.patch("/v1/me", {"nickname": "小满"}, as_=who.token)
    assert contact_of(who.id) == Contact(who.phone, None, "zh-CN", "小满")


def test_an_unknown_member_has_no_contact_and_no_address(engine: str) -> None:
    assert contact_of(ids.new_id("mbr")) == Contact(None, None, "zh-CN", None)
    assert default_address(ids.new_id("mbr")) is None


def test_an_unknown_role_is_refused(engine: str) -> None:
    destination = rules.phone_destination(new_phone(), "phone")
    with pytest.raises(Invalid):
        actions.enrol(destination, roles=["root"], now=clock.now())
    assert find_member(phone=destination.text) is None


def _stream_records(member_id: str) -> list[dict[str, Any]]:
    """The engine's stream records of a member and of identities, as Lambda hands them over."""
    tables, streams = boto3.client("dynamodb"), boto3.client("dynamodbstreams")
    arn = tables.describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]
    records: list[dict[str, Any]] = []
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while iterator:
            answer = streams.get_records(ShardIterator=iterator)
            records += answer["Records"]
            iterator = answer.get("NextShardIterator") if answer["Records"] else None
    for record in records:
        # boto3 reads a time where Lambda hands over seconds, and bytes where it hands over base64.
        told = record["dynamodb"]
        for image in (told.get("OldImage", {}), told.get("NewImage", {})):
            for value in image.values():
                if "B" in value:
                    value["B"] = base64.b64encode(value["B"]).decode()
        told["ApproximateCreationDateTime"] = told["ApproximateCreationDateTime"].timestamp()
    return [record for record in records if member_id in repr(record)]


@pytest.fixture
def _streamed(engine: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The members' table has a stream meanwhile."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", engine)
    tables = boto3.client("dynamodb")
    on = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    tables.update_table(TableName=TABLE, StreamSpecification=on)
    yield
    tables.update_table(TableName=TABLE, StreamSpecification={"StreamEnabled": False})


@pytest.mark.usefixtures("_streamed")
def test_only_registrations_links_and_sign_ins_are_facts(
    api: Api, people: People, published: list[Fact]
) -> None:
    who = people.sign_in()
    address = new_email()
    people.link(who, address, "email")
    api.patch("/v1/me", {"nickname": "小满"}, as_=who.token)
    people.sign_in(who.phone)
    body = {"Records": _stream_records(who.id)}
    answer = events.members_relay(body, None)  # type: ignore[arg-type, call-arg]
    assert answer == {"batchItemFailures": []}
    logins = [fact for fact in published if fact.type == "member.signed_in"]
    assert {fact.data.member_id for fact in logins} == {who.id}
    assert len(logins) == 2
    assert sorted(
        (fact.type, str(sorted(to_builtins(fact.data).items())))
        for fact in published
        if fact not in logins
    ) == sorted(
        (type_, str(sorted(data.items())))
        for type_, data in (
            ("member.registered", {"member_id": who.id}),
            (
                "member.identity_added",
                {"member_id": who.id, "identity": identity_hash(phone=who.phone)},
            ),
            (
                "member.identity_added",
                {"member_id": who.id, "identity": identity_hash(email=address)},
            ),
        )
    )
    assert len({fact.id for fact in published}) == 5
    assert f"member.registered:{who.id}" in {fact.id for fact in published}
    assert who.phone[3:] not in repr(published)


def test_an_address_is_no_fact(engine: str) -> None:
    from chalicelib.kernel.store.streams import Change

    image = {"pk": {"S": "MBR#x"}, "sk": {"S": f"ADR#{new_key()}"}}
    assert events.facts_of(Change("1", None, image)) == []
    removed = {"pk": {"S": "MBR#x"}, "sk": {"S": "PROFILE"}, "created_at": {"N": "1"}}
    assert events.facts_of(Change("1", removed, None)) == []
    assert events.facts_of(Change("1", removed, removed)) == []
