"""The local gateway behaves like API Gateway."""

import socket
import threading
from typing import Any
from urllib.parse import urlsplit

from tests.local.conftest import Sample, is_told_to_come_again


def _raw(sample: Sample, request: bytes) -> socket.socket:
    place = urlsplit(sample.stack.url)
    connection = socket.create_connection((place.hostname, place.port), timeout=20)
    connection.sendall(request)
    return connection


def test_a_request_reaches_the_application_as_a_proxy_event(sample: Sample) -> None:
    answer = sample.http.post(
        "/echo/a%20b?x=1&x=2&y=",
        json={"n": 1},
        headers=[("Jifen-Thing", "1"), ("Jifen-Thing", "2")],
    )
    event = answer.json()
    assert event["resource"] == event["requestContext"]["resourcePath"] == "/echo/{name}"
    assert event["path"] == "/echo/a b"
    assert event["pathParameters"] == {"name": "a b"}
    assert event["queryStringParameters"] == {"x": "2", "y": ""}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "y": [""]}
    assert event["headers"]["jifen-thing"] == "2"
    assert event["multiValueHeaders"]["jifen-thing"] == ["1", "2"]
    assert event["body"] == '{"n":1}'
    assert event["isBase64Encoded"] is False
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"
    assert event["requestContext"]["requestId"] == answer.headers["x-amzn-requestid"]
    assert answer.headers["jifen-local-write-units"] == "0"


def test_a_request_without_query_or_body_has_nulls(sample: Sample) -> None:
    event = sample.http.get("/echo/x").json()
    assert event["queryStringParameters"] is None
    assert event["multiValueQueryStringParameters"] is None
    assert event["body"] is None


def test_binary_bodies_arrive_in_base64(sample: Sample) -> None:
    headers = {"content-type": "application/json"}
    event = sample.http.post("/echo/x", content=b"\xff\xfe", headers=headers).json()
    assert event["body"] == "//4="
    assert event["isBase64Encoded"] is True


def test_a_fixed_path_wins_over_a_parameter_and_a_last_slash_is_ignored(sample: Sample) -> None:
    assert sample.http.get("/echo/fixed").json() == {"fixed": True}
    assert sample.http.get("/echo/fixed/").json() == {"fixed": True}


def test_headers_with_several_values_are_returned_whole(sample: Sample) -> None:
    answer = sample.http.get("/cookies")
    assert answer.status_code == 201
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.text == "hello"


def test_an_unknown_path_gets_the_gateways_own_answer(sample: Sample) -> None:
    for path in ("/nope", "/echo", "/echo/a/b", "//", "/%00", "/echo//"):
        answer = sample.http.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["request_id"] == answer.headers["x-amzn-requestid"]


def test_the_application_refuses_another_method_of_a_known_path(sample: Sample) -> None:
    for method in ("PUT", "OPTIONS", "HEAD", "TRACE"):
        answer = sample.http.request(method, "/me")
        assert answer.status_code == 405, method


def test_the_authorizer_decides(sample: Sample) -> None:
    def status(token: str | None) -> int:
        headers = {} if token is None else {"Authorization": token}
        return sample.http.get("/me", headers=headers).status_code

    assert status(None) == status("Bearer bad") == 401
    assert status("Bearer denied") == 403
    assert status("Bearer broken") == 500
    assert status("Bearer good") == 200


def test_values_of_the_authorizer_arrive_as_text(sample: Sample) -> None:
    known = sample.http.get("/me", headers={"Authorization": "Bearer good"}).json()
    assert known == {"principalId": "ann", "age": "7", "ok": "true", "integrationLatency": "0"}


def test_a_body_above_ten_megabytes_is_refused(sample: Sample) -> None:
    answer = sample.http.post("/echo/x", content=b"0" * (10 * 1024 * 1024 + 1))
    assert answer.status_code == 413


def test_a_worker_that_dies_answers_503_and_is_replaced(sample: Sample) -> None:
    for _ in range(4):
        is_told_to_come_again(sample.http.post("/die"))
    assert sample.http.get("/echo/fixed").status_code == 200


def test_concurrent_requests_run_in_one_process_each(sample: Sample) -> None:
    found: list[Any] = []

    def ask() -> None:
        found.append(sample.http.get("/sleep/0.3").json()["pid"])

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 3


def test_an_unfinished_request_blocks_no_other(sample: Sample) -> None:
    halves = [
        _raw(sample, b"POST /echo/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        for _ in range(20)
    ]
    assert sample.http.get("/echo/fixed").status_code == 200
    for half in halves:
        half.close()


def test_bytes_that_are_no_http_are_refused(sample: Sample) -> None:
    with _raw(sample, b"\x00\x01 nonsense\r\n\r\n") as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 400")
    assert sample.http.get("/echo/fixed").status_code == 200
