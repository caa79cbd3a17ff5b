"""The gateway serves the built pages as CloudFront does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from infra.local.errors import StackError
from infra.local.pages import Pages
from infra.local.stack import Stack
from infra.local.template import load
from tests.local.conftest import SAMPLE
from tests.local.small_web import builds, small_web, write_text

PAGES, CONSOLE = "<title>dist/ first</title>", "<title>dist/console/ first</title>"


class Served:
    """A stack of the sample application with pages."""

    def __init__(self, stack: Stack, web: Path) -> None:
        self.stack, self.web = stack, web
        self.http = httpx.Client(base_url=stack.url, timeout=70, headers={"accept-encoding": ""})


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    web = small_web(tmp_path_factory.mktemp("pages"))
    with Stack(tmp_path_factory.mktemp("home"), {**SAMPLE, "JIFEN_WEB": str(web)}) as stack:
        yield Served(stack, web)


@pytest.mark.parametrize("path", ["/", "/index.html", "/products/p_1", "/a/b/", "/consoles", "/."])
def test_a_path_of_the_mall_is_its_page(served: Served, path: str) -> None:
    answer = served.http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "no-cache"
    assert PAGES in answer.text


@pytest.mark.parametrize("path", ["/console", "/console/", "/console/orders/o_1"])
def test_a_path_of_the_console_is_its_page(served: Served, path: str) -> None:
    answer = served.http.get(path)
    assert answer.status_code == 200
    assert CONSOLE in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.js",
        "/assets/nothing.js",
        "/assets/nothing",
        "/console/assets/nothing",
        "/assets/app-1a2b.js.br",
        "/.made-from.json",
        "/assets/%2e%2e/%2e%2e/package.json",
        "/%2e%2e/package.json",
    ],
)
def test_a_file_that_is_not_there_is_a_404_of_the_api(served: Served, path: str) -> None:
    answer = served.http.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_page_is_read_and_not_written(served: Served) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        answer = served.http.request(method, "/")
        assert answer.status_code == 404, method
        assert answer.headers["content-type"] == "application/problem+json"


def test_hashed_files_are_kept_for_a_year(served: Served) -> None:
    for folder in ("/", "/console/"):
        answer = served.http.get(f"{folder}assets/app-1a2b.js")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip;q=0.8, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
def test_the_browser_chooses_the_encoding(served: Served, asked: str, given: str | None) -> None:
    headers = {"accept-encoding": asked}
    with served.http.stream("GET", "/assets/app-1a2b.js", headers=headers) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == given
    assert answer.headers["vary"] == "accept-encoding"
    assert int(answer.headers["content-length"]) == len(body)
    assert (len(body) < 2000) is (given is not None)


def test_an_unchanged_page_is_not_sent_again(served: Served) -> None:
    tag = served.http.get("/").headers["etag"]
    for said in (tag, f'"other", {tag}', "*", tag.removeprefix("W/")):
        again = served.http.get("/", headers={"if-none-match": said})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == "no-cache"
    assert served.http.get("/", headers={"if-none-match": '"other"'}).status_code == 200


def test_head_tells_the_length_and_sends_nothing(served: Served) -> None:
    whole, head = served.http.get("/"), served.http.head("/")
    assert head.status_code == 200
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert head.content == b""


def test_the_api_and_the_calls_of_this_machine_answer_as_before(served: Served) -> None:
    assert served.http.get("/_local/info").status_code == 200
    assert served.http.get("/_local/nothing").status_code == 404
    answer = served.http.post("/echo/x", json={})
    assert answer.json()["resource"] == "/echo/{name}"


def test_a_new_build_is_served_without_a_new_start_and_a_start_builds_nothing_twice(
    served: Served,
) -> None:
    count = builds(served.web)
    page = served.web / "dist/index.html"
    page.write_text("changed by hand")
    assert PAGES in served.http.get("/").text, "what is not wholly built is not served"
    stamp = served.web / "dist/.made-from.json"
    stamp.write_text(stamp.read_text())
    assert served.http.get("/").text == "changed by hand"
    page.write_text(f"<!doctype html>{PAGES}")
    stamp.write_text(stamp.read_text())
    served.stack.stop()
    served.stack.start()
    served.http = httpx.Client(base_url=served.stack.url, timeout=70)
    assert PAGES in served.http.get("/").text
    assert builds(served.web) == count


def test_a_build_that_fails_starts_nothing_and_says_why(tmp_path: Path) -> None:
    web = small_web(tmp_path, "broken")
    stack = Stack(tmp_path / "home", {**SAMPLE, "JIFEN_WEB": str(web)})
    with pytest.raises(StackError, match="the pages cannot be built") as refused:
        stack.start()
    said = str(refused.value)
    assert "src/text.txt: no such word" in said
    assert "JIFEN_WEB=0 starts without them" in said
    assert not (tmp_path / "home/stack.json").exists()
    write_text(web, "first")
    with stack:
        assert httpx.get(stack.url).status_code == 200


def test_pages_carry_the_headers_of_the_deployed_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:4711")
    web = small_web(tmp_path)
    (web / "dist").mkdir()
    (web / "dist/index.html").write_text("page")
    (web / "dist/.made-from.json").write_text("{}")
    pages = Pages(web, load())
    answer = pages.find("GET", "/", [])
    assert answer is not None
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    policy = headers["content-security-policy"]
    assert "script-src 'self' https://js.stripe.com" in policy
    connects = policy.partition("connect-src ")[2].partition(";")[0].split()
    assert {"'self'", "https://api.stripe.com", "http://127.0.0.1:4711"} <= set(connects)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in headers
    for path in ("/v1/nothing", "/v1", "/openapi.json", "/docs", "/pictures/x", "/_local/x"):
        assert pages.find("GET", path, []) is None, path
