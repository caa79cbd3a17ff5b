"""Accounts at WeChat and QQ: linked to one member at a time, unlinked, never the last one."""

from __future__ import annotations

from chalicelib.kernel import clock
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.members.actions.erasure import forget_member, mark_for_erasure
from chalicelib.members.queries import personal
from chalicelib.members.tables.items import LinkedItem
from tests.api import Answer, Api
from tests.members.at_providers import (
    IDENTITIES,
    PROVIDERS,
    Providers,
    app_of,
    counted,
    member_of,
    refused,
)
from tests.members.people import People, SignedIn, at_once


@PROVIDERS
def test_a_member_links_an_account_and_signs_in_by_it(
    providers: Providers, people: People, api: Api, provider: str
) -> None:
    who, person = people.sign_in(), providers.somebody()
    made = providers.link(who.token, person, provider)
    assert (made.status, made.body["kind"]) == (201, provider)
    assert member_of(providers.h5_login(person, provider)) == who.id


def test_a_page_links_an_account_by_its_own_sign_in(
    providers: Providers, people: People, api: Api
) -> None:
    who = people.sign_in()
    begun = providers.begin("qq")
    code = providers.agreed(begun, providers.somebody())
    body = {"grant": "qq", "app": "h5", "code": code, "state": begun.state}
    bare = api.post(IDENTITIES, body, as_=who.token, key="a-key-of-mine")
    assert refused(bare) == (401, "sign_in_state_invalid")
    headers = {"Cookie": begun.cookie}
    made = [
        api.post(IDENTITIES, body, as_=who.token, key="a-key-of-mine", headers=headers)
        for _ in range(2)
    ]
    assert [each.status for each in made] == [201, 201]
    assert made[0].body == made[1].body
    assert made[1].headers["Idempotent-Replayed"] == "true"


def listed(api: Api, who: SignedIn) -> list[str]:
    rows = api.get(IDENTITIES, as_=who.token).body["data"]
    return sorted(row["kind"] for row in rows)


def test_an_account_is_linked_to_one_member_at_a_time(
    providers: Providers, people: People, api: Api
) -> None:
    mine, other, person = people.sign_in(), people.sign_in(), providers.somebody()
    key = "a-key-of-mine"
    assert providers.link(mine.token, person, key=key).status == 201
    assert refused(providers.link(mine.token, person)) == (409, "identity_already_linked")
    assert refused(providers.link(other.token, person)) == (409, "identity_taken")
    reused = providers.link(mine.token, providers.somebody(), key=key)
    assert refused(reused) == (409, "idempotency_key_reused")
    assert (listed(api, mine), listed(api, other)) == (["phone", "wechat"], ["phone"])


def test_two_members_who_link_one_account_at_once_are_one_winner(
    providers: Providers, people: People
) -> None:
    both, person = [people.sign_in(), people.sign_in()], providers.somebody()
    found = at_once(2, lambda number: providers.link(both[number].token, person))
    assert sorted(each.status for each in found if isinstance(each, Answer)) == [201, 409]


def test_an_unlinked_account_is_free_as_all_apps_know_it_and_the_last_one_stays(
    providers: Providers, people: People, api: Api
) -> None:
    who, person = people.sign_in(), providers.somebody()
    linked = providers.link(who.token, person)
    assert member_of(providers.h5_login(person)) == who.id
    path = f"{IDENTITIES}/{linked.body['id']}"
    stranger = people.sign_in()
    assert api.delete(path, as_=stranger.token).status == 404
    assert api.delete(path, as_=who.token).status == 204
    new = providers.h5_login(person)
    assert (member_of(new) != who.id, new.body["created"]) == (True, True)
    assert member_of(providers.mini_login(person)) == member_of(new)
    own = api.get(IDENTITIES, as_=new.body["access_token"]).body["data"][0]
    last = api.delete(f"{IDENTITIES}/{own['id']}", as_=new.body["access_token"])
    assert refused(last) == (409, "last_identity")


def test_nothing_readable_of_a_person_at_a_provider_is_stored(providers: Providers) -> None:
    login = providers.mini_login(providers.somebody("隐私"))
    rows = list(LinkedItem.query(f"MBR#{member_of(login)}", LinkedItem.sk.startswith("IDN#")))
    stored = str([row.attribute_values for row in rows])
    assert "隐私" not in stored
    assert all(len(each) == 64 for row in rows for each in row.hashes)


def test_an_erased_members_account_is_free_under_each_of_its_names(
    providers: Providers,
) -> None:
    person, before = providers.somebody(), counted()
    gone = member_of(providers.mini_login(person))
    assert member_of(providers.h5_login(person)) == gone
    assert counted() == before + 3
    writes = WriteSet()
    mark_for_erasure(writes, gone, 1_000)
    writes.commit()
    assert forget_member(gone, 1_000, clock.now())
    assert counted() == before
    assert providers.mini_login(person).body["created"] is True


def test_an_export_has_the_account_as_the_provider_names_it(providers: Providers) -> None:
    member = member_of(providers.h5_login(providers.somebody("小满")))
    (shown,) = personal.export_of(member, 0)["identities"]
    assert (shown["kind"], shown["nickname"]) == ("wechat", "小满")
    assert list(shown["openids"]) == [app_of("wechat", "website")]
    assert shown["unionid"]
