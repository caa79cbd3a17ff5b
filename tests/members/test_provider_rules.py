"""Providers' words as values: refusals, names, pages; what a secret key makes of a state."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.settings import SignIn
from chalicelib.members.rules import providers
from chalicelib.members.rules.providers import Account, Authorization, Client, Known, Refused
from chalicelib.members.tables import states

pytestmark = pytest.mark.pure

RETURN = "https://mall.test/pages/sign-in/return"
ALL = SignIn(
    sign_in_returns=(RETURN, "https://www.mall.test/pages/sign-in/return"),
    wechat_mini_program_id="mini",
    wechat_official_account_id="inside",
    wechat_website_id="site",
    wechat_mobile_app_id="mobile",
    qq_mini_program_id="qq-mini",
    qq_website_id="qq-site",
    qq_mobile_app_id="qq-mobile",
)
SITE = Client("wechat", "h5", "site")


def why(read: Any, said: dict[str, Any]) -> str | None:
    try:
        read(said)
    except Refused as refused:
        return refused.why
    return None


@pytest.mark.parametrize(
    ("number", "meaning"),
    [(-1, "busy"), (45011, "busy"), (40029, "used"), (40163, "used"), (40226, "blocked"),
     (40125, "ours"), (99999, "ours"), ("40029", "ours"), (0, None), (None, None)],
)  # fmt: skip
def test_each_number_of_wechat_has_a_meaning(number: Any, meaning: str | None) -> None:
    assert why(providers.wechat_answer, {"errcode": number, "errmsg": "…"}) == meaning


@pytest.mark.parametrize(
    ("said", "meaning"),
    [({"error": 100020}, "used"), ({"error": 100019}, "used"), ({"error": 100009}, "ours"),
     ({"ret": 100016}, "busy"), ({"ret": 0, "nickname": "a"}, None), ({"error": "x"}, "ours")],
)  # fmt: skip
def test_each_number_of_qq_has_a_meaning(said: dict[str, Any], meaning: str | None) -> None:
    assert why(providers.qq_answer, said) == meaning


@pytest.mark.parametrize("value", [None, "", 7, [], "x" * 513])
def test_an_answer_without_a_persons_id_is_no_answer(value: Any) -> None:
    assert why(lambda said: providers.text_of(said, "openid"), {"openid": value}) == "busy"


@pytest.mark.parametrize(
    ("nickname", "kept"),
    [("小满", "小满"), ("  a\n b ", "a b"), ("\u200b", None), ("", None), (7, None),
     ("长" * 50, "长" * 40)],
)  # fmt: skip
def test_a_nickname_of_a_provider_is_one_line_of_forty(nickname: Any, kept: str | None) -> None:
    assert providers.nickname_of({"nickname": nickname}) == kept


def test_an_app_is_found_by_where_its_pages_run() -> None:
    def app(provider: Any, app: Any, *, is_inside: bool) -> str | None:
        found = providers.client_of(ALL, provider, app, is_inside=is_inside)
        return found.app_id if found else None

    assert app("wechat", "h5", is_inside=True) == "inside"
    assert app("wechat", "h5", is_inside=False) == "site"
    assert app("wechat", "mini_program", is_inside=True) == "mini"
    assert app("qq", "h5", is_inside=True) == "qq-site"
    assert providers.client_of(SignIn(wechat_website_id="site"), "wechat", "h5") is None


def test_a_state_is_good_for_its_own_authorization_alone() -> None:
    asked = Authorization(SITE, RETURN)
    others = [
        Authorization(SITE, ALL.sign_in_returns[1]),
        Authorization(SITE._replace(app_id="inside"), RETURN),
        Authorization(SITE._replace(provider="qq"), RETURN),
    ]
    state = states.new_state(asked, "browser", 1_000)
    assert states.asked_by(state, "browser", [*others, asked], 1_599) == asked
    assert states.asked_by(state, "browser", others, 1_000) is None
    assert states.asked_by(state, "another", [asked], 1_000) is None
    assert states.asked_by(state, "browser", [asked], 1_600) is None


@given(st.integers(0, 71), st.sampled_from("0123456789abcdef"))
def test_a_state_with_one_other_digit_is_none(place: int, digit: str) -> None:
    asked = Authorization(SITE, RETURN)
    state = states.new_state(asked, "browser", 1_000)
    forged = state[:place] + digit + state[place + 1 :]
    found = states.asked_by(forged, "browser", [asked], 1_000)
    assert (found == asked) == (forged == state)


def test_a_state_is_one_that_wechat_takes() -> None:
    state = states.new_state(Authorization(SITE, RETURN), "browser", 1_796_000_000)
    assert len(state) <= 128
    assert state.isalnum()


def test_what_another_app_tells_joins_what_is_known() -> None:
    first = Known().joined(Account("wechat", "mini", "o-mini"))
    assert first == Known({"mini": "o-mini"})
    both = first.joined(Account("wechat", "site", "o-site", "u", "小满"))
    assert both == Known({"mini": "o-mini", "site": "o-site"}, "u", "小满")
    assert both.joined(Account("wechat", "mini", "o-mini")) == both


def test_an_account_without_a_nickname_is_shown_by_the_end_of_its_id() -> None:
    assert Known({"mini": "o-12345678"}).shown == "****5678"
    assert Known({"mini": "o-12345678"}, nickname="小满").shown == "小满"
