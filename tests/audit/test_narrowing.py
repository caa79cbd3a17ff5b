"""The audit is narrowed to one of the staff and to a day of the program."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from chalicelib.kernel import ids
from chalicelib.kernel.web.auth import ADMIN, FINANCE, OPS
from tests.api import Api, token
from tests.audit.acts import ACTOR, an_act, pages, recorded
from tests.conftest import Time


def test_what_one_of_the_staff_did_is_paged_newest_first(api: Api, time: Time) -> None:
    who, made = ids.new_id("mbr"), []
    for _ in range(5):
        made.append(recorded(an_act(actor=replace(ACTOR, member_id=who))).id)
        recorded(an_act())
        time.advance(days=20)
    made.reverse()
    assert pages(api, f"actor={who}&limit=2", FINANCE) == [made[:2], made[2:4], made[4:]]
    assert pages(api, f"actor={ids.new_id('mbr')}", FINANCE) == [[]]


def test_acts_are_listed_by_the_programs_day(api: Api) -> None:
    who, subject = ids.new_id("mbr"), ids.new_id("mbr")
    actor = replace(ACTOR, member_id=who)
    moments = [
        datetime(2026, 11, 30, 15, 59, 59, 999_000, tzinfo=UTC),  # in Shanghai, before midnight
        datetime(2026, 11, 30, 16, 0, 0, tzinfo=UTC),
        datetime(2026, 12, 1, 15, 59, 59, 999_000, tzinfo=UTC),
        datetime(2026, 12, 1, 16, 0, 0, tzinfo=UTC),
    ]
    made = [recorded(an_act(subject, at=at, actor=actor)).id for at in moments]
    for of in (f"subject={subject}&", f"actor={who}&"):
        assert pages(api, f"{of}day=2026-11-30&limit=1", OPS) == [made[:1]]
        assert pages(api, f"{of}day=2026-12-01&limit=1", OPS) == [[made[2]], [made[1]]]
        assert pages(api, f"{of}day=2026-12-02", OPS) == [made[3:]]
    flat = [act for each in pages(api, "day=2026-12-01&limit=100", ADMIN) for act in each]
    assert [act for act in flat if act in made] == [made[2], made[1]]


def test_a_cursor_of_a_day_is_no_cursor_of_another(api: Api) -> None:
    subject, at = ids.new_id("mbr"), datetime(2026, 12, 5, 4, tzinfo=UTC)
    for _ in range(2):
        recorded(an_act(subject, at=at))
    as_ = token("mbr_staff", OPS)
    path = f"/v1/admin/audit?limit=1&subject={subject}"
    cursor = api.get(f"{path}&day=2026-12-05", as_=as_).body["next_cursor"]
    for other in (path, f"{path}&day=2026-12-06"):
        answer = api.get(f"{other}&cursor={cursor}", as_=as_)
        assert (answer.status, answer.body["code"]) == (400, "invalid_cursor")
