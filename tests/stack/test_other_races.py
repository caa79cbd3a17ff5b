"""Concurrent logins, tokens and partners' events."""

from __future__ import annotations

from collections import Counter

import httpx

from tests.stack.books import check_books
from tests.stack.mall import Mall, at_once, outcome, read


def test_twenty_logins_with_one_code_open_one_session(mall: Mall) -> None:
    phone = mall.new_phone()
    body = {"channel": "sms", "destination": phone}
    challenge = read(mall.post("/v1/auth/otp", body), 202)["challenge_id"]
    [sent] = mall.outbox(phone)
    proof = {"grant": "otp", "challenge_id": challenge, "code": sent["code"]}

    answers = at_once([lambda: mall.post("/v1/auth/sessions", proof)] * 20)

    assert Counter(map(outcome, answers)) == {"201": 1, "otp_invalid": 19}
    [login] = [answer.json() for answer in answers if answer.status_code == 201]
    assert login["created"]
    sessions = read(mall.get("/v1/me/sessions", as_=login["access_token"]))["data"]
    assert len(sessions) == 1


def test_ten_uses_of_one_refresh_token_succeed_at_most_once(mall: Mall) -> None:
    email = f"{mall.new_key()}@example.com"
    body = {"channel": "email", "destination": email}
    challenge = read(mall.post("/v1/auth/otp", body), 202)["challenge_id"]
    [sent] = mall.outbox(email)
    proof = {"grant": "otp", "challenge_id": challenge, "code": sent["code"]}
    login = read(mall.post("/v1/auth/sessions", proof), 201)
    old = {"refresh_token": login["refresh_token"]}

    answers = at_once([lambda: mall.post("/v1/auth/sessions/refresh", old)] * 10)

    counted = Counter(map(outcome, answers))
    assert counted["200"] <= 1
    assert counted["200"] + counted["refresh_token_invalid"] == 10
    # The token was used twice, so the whole family is signed out.
    for new in [answer.json() for answer in answers if answer.is_success]:
        again = {"refresh_token": new["refresh_token"]}
        assert outcome(mall.post("/v1/auth/sessions/refresh", again)) == "refresh_token_invalid"
    assert read(mall.get("/v1/me/sessions", as_=login["access_token"]))["data"] == []


def test_ten_tabs_with_one_cookie_stay_signed_in(mall: Mall) -> None:
    email = f"{mall.new_key()}@example.com"
    body = {"channel": "email", "destination": email}
    challenge = read(mall.post("/v1/auth/otp", body), 202)["challenge_id"]
    [sent] = mall.outbox(email)
    proof = {"grant": "otp", "challenge_id": challenge, "code": sent["code"]}
    page = {"Jifen-Client": "web", "Sec-Fetch-Site": "same-origin"}
    login = mall.post("/v1/auth/sessions", proof, headers=page)
    assert "refresh_token" not in read(login, 201)

    def refresh(cookie: str) -> httpx.Response:
        return mall.post("/v1/auth/sessions/refresh", headers={**page, "Cookie": cookie})

    first = login.headers["set-cookie"].partition(";")[0]
    answers = at_once([lambda: refresh(first)] * 10)

    assert Counter(map(outcome, answers)) == {"200": 10}
    cookies = [answer.headers["set-cookie"].split("; ") for answer in answers]
    [second] = {pair for pair, *_ in cookies}
    assert second.startswith("jifen_refresh=")
    assert second != first
    assert cookies[0][1:5] == ["HttpOnly", "Secure", "SameSite=Strict", "Path=/v1/auth"]
    assert outcome(refresh(second)) == "200"
    foreign = {**page, "Cookie": first, "Sec-Fetch-Site": "cross-site"}
    answer = mall.post("/v1/auth/sessions/refresh", headers=foreign)
    assert (outcome(answer), answer.headers.get("set-cookie")) == ("cross_site_request", None)
    token = answers[0].json()["access_token"]
    assert len(read(mall.get("/v1/me/sessions", as_=token))["data"]) == 1


def test_twenty_copies_of_one_event_are_one_accrual(mall: Mall) -> None:
    [member] = mall.members(1)
    event = mall.paid(member, 199)

    answers = at_once([lambda: mall.send_event(event)] * 20)

    told = [read(answer) for answer in answers]
    assert Counter(each["status"] for each in told) == {"applied": 1, "duplicate": 19}
    assert len({str(each["entries"]) for each in told}) == 1
    assert mall.balance(member) == 199
    [entry] = mall.pages("/v1/me/points/entries", member)
    assert [entry] == told[0]["entries"]
    check_books(mall, [member])


def test_many_concurrent_events_of_one_member_are_all_counted(mall: Mall) -> None:
    [member] = mall.members(1)
    events = [mall.paid(member, 10) for _ in range(20)]

    def send(event: object) -> str:
        # A partner repeats an unanswered event: the event is its own key.
        for _ in range(8):
            answer = mall.send_event(event)
            if answer.status_code != 503:
                break
        return str(read(answer)["status"])

    statuses = at_once(lambda e=event: send(e) for event in events)

    assert set(statuses) <= {"applied", "duplicate"}
    assert mall.balance(member) == 200
    assert len(mall.pages("/v1/me/points/entries", member)) == 20
    check_books(mall, [member])
