"""WeChat and QQ on this machine: their wire formats, codes good once, faults on request."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from infra.local.clock import ProgramClock
from infra.local.providers.apps import APPS
from infra.local.providers.server import Running, Server

SECRETS = {app.id: f"secret-of-{app.id}" for app in APPS}
IDS = {(app.provider, app.kind): app.id for app in APPS}
BACK = "https://mall.test/pages/sign-in/return"
MINI, INSIDE, SITE = (IDS["wechat", kind] for kind in ("mini_program", "inside", "website"))
AT_QQ = IDS["qq", "website"]


class Wire:
    def __init__(self, home: Path) -> None:
        self.running = Running(Server(home, SECRETS))
        self.running.start()

    def get(self, path: str, **query: str) -> Any:
        """What a call answers, told as text of status 200."""
        with urllib.request.urlopen(f"{self.running.base}{path}?{urlencode(query)}") as answer:
            assert answer.headers["Content-Type"].startswith("text/plain")
            return json.load(answer)

    def tell(self, name: str, **body: Any) -> Any:
        sent = json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.running.base}/_wire/{name}", data=sent) as answer:
            return json.load(answer)

    def code(self, app: str, person: str = "mei") -> str:
        redirect = "" if app == MINI else BACK
        return str(self.tell("codes", app=app, person=person, redirect=redirect)["code"])

    def session(self, code: str, **other: str) -> Any:
        asked = {"appid": MINI, "secret": SECRETS[MINI], "grant_type": "authorization_code"}
        return self.get("/sns/jscode2session", **{**asked, "js_code": code, **other})

    def token(self, app: str, code: str) -> Any:
        asked = {"appid": app, "secret": SECRETS[app], "grant_type": "authorization_code"}
        return self.get("/sns/oauth2/access_token", code=code, **asked)

    def qq_token(self, code: str, **other: str) -> Any:
        asked = {"client_id": AT_QQ, "client_secret": SECRETS[AT_QQ], "redirect_uri": BACK}
        return self.get("/oauth2.0/token", **{**asked, "code": code, "fmt": "json", **other})

    def opened(self, path: str, **query: str) -> tuple[int, str, str]:
        """A page as a browser opens it: (status, where it leads, text)."""
        address = f"{self.running.base}{path}?{urlencode(query)}"
        try:
            with urllib.request.build_opener(_Stay).open(address) as answer:
                return answer.status, "", answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Location", ""), error.read().decode()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_rest: Any, **_named: Any) -> None:
        return None


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    found = Wire(tmp_path)
    yield found
    found.running.stop()


def test_a_person_has_a_name_in_each_app_and_one_in_all(wire: Wire) -> None:
    here = wire.session(wire.code(MINI))
    there = wire.token(SITE, wire.code(SITE))
    assert here["openid"] != there["openid"]
    assert here["unionid"] == there["unionid"]
    assert len(here["openid"]) == 28
    assert "nickname" not in there


def test_the_official_account_tells_the_unionid_with_the_profile_alone(wire: Wire) -> None:
    told = wire.token(INSIDE, wire.code(INSIDE))
    assert "unionid" not in told
    asked = {"access_token": told["access_token"], "openid": told["openid"]}
    person = wire.get("/sns/userinfo", **asked)
    assert person["nickname"] == "小梅"
    assert person["unionid"] == wire.session(wire.code(MINI))["unionid"]


def test_a_code_is_good_once_whoever_asks_at_once(wire: Wire) -> None:
    code = wire.code(MINI)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: wire.session(code), range(8)))
    assert sum("openid" in each for each in found) == 1
    assert {each["errcode"] for each in found if "errcode" in each} == {40163}
    assert wire.session("nothing")["errcode"] == 40029


def test_codes_of_wechat_live_five_minutes_and_those_of_qq_ten(wire: Wire, tmp_path: Path) -> None:
    old, at_qq = wire.code(MINI), wire.code(AT_QQ)
    ProgramClock(tmp_path).advance(301)
    assert wire.session(old)["errcode"] == 40029
    assert "access_token" in wire.qq_token(at_qq)


def test_wrong_apps_and_secrets_have_the_providers_numbers(wire: Wire) -> None:
    code = wire.code(MINI)
    assert wire.session(code, appid="wx1")["errcode"] == 40013
    assert wire.session(code, secret="no")["errcode"] == 40125
    assert wire.session(wire.code(MINI, "blocked"))["errcode"] == 40226
    assert wire.qq_token(wire.code(AT_QQ), client_secret="no")["error"] == 100009
    assert wire.qq_token(wire.code(AT_QQ), redirect_uri="https://x.test")["error"] == 100010
    used = wire.code(AT_QQ)
    wire.qq_token(used)
    assert wire.qq_token(used)["error"] == 100020


def test_qq_tells_a_unionid_where_it_is_asked_for(wire: Wire) -> None:
    token = wire.qq_token(wire.code(AT_QQ))["access_token"]
    plain = wire.get("/oauth2.0/me", access_token=token, fmt="json")
    known = wire.get("/oauth2.0/me", access_token=token, unionid="1", fmt="json")
    assert plain.keys() == {"client_id", "openid"}
    assert known.keys() == {"client_id", "openid", "unionid"}
    wire.tell("modes", no_unionid=True)
    assert wire.get("/oauth2.0/me", access_token=token, unionid="1", fmt="json")["error"] == 100048


def test_a_person_who_chooses_comes_back_with_a_code_and_the_state(wire: Wire) -> None:
    asked = {"appid": SITE, "redirect_uri": BACK, "state": "abc", "scope": "snsapi_login"}
    status, _, text = wire.opened("/connect/qrconnect", **asked)
    assert (status, "小梅" in text) == (200, True)
    status, place, _ = wire.opened("/connect/qrconnect", **asked, person="mei")
    back = parse_qs(urlsplit(place).query)
    assert (status, back["state"], place.startswith(BACK)) == (302, ["abc"], True)
    assert "openid" in wire.token(SITE, back["code"][0])
    _, refused, _ = wire.opened("/connect/qrconnect", **asked, refuse="1")
    assert parse_qs(urlsplit(refused).query) == {"state": ["abc"]}


def test_a_page_writes_nothing_of_its_address_as_markup(wire: Wire) -> None:
    asked = {"appid": SITE, "redirect_uri": BACK, "state": '"><script>alert(1)</script>'}
    _, _, text = wire.opened("/connect/qrconnect", **asked)
    assert "<script>" not in text
    assert wire.opened("/connect/qrconnect", appid="wx1", redirect_uri=BACK)[0] == 400


def test_faults_are_made_on_request_and_kept(wire: Wire, tmp_path: Path) -> None:
    wire.tell("modes", down="busy")
    assert wire.session(wire.code(MINI)) == {"errcode": -1, "errmsg": "system error"}
    again = Server(tmp_path, SECRETS)
    assert again.store.setting("modes", {})["down"] == "busy"
    wire.tell("modes", lose_answers=1)
    code = wire.code(MINI)
    with pytest.raises(OSError, match=r".*"):
        wire.session(code)
    assert wire.session(code)["errcode"] == 40163
    with pytest.raises(urllib.error.HTTPError):
        wire.tell("modes", down="sideways")
