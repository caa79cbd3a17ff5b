"""Rich descriptions: HTML that shows, and never runs."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.rules.details import (
    Details,
    DetailsChange,
    cleaned,
    details_errors,
    packed,
    pictures_in,
    unpacked,
)
from chalicelib.catalog.rules.products import Localized

pytestmark = pytest.mark.pure


def wrong(**given_: str) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in details_errors(Details(**given_))]


TEXT = (
    "<h2>尺寸</h2><p>高 <strong>20</strong> 厘米<br>重 <em>300</em> 克</p><ul><li>红</li></ul>"
    '<figure><img src="/pictures/cup.jpg" alt="杯"></figure>'
    '<table><tbody><tr><td colspan="2">a &amp; b</td></tr></tbody></table>'
)


def test_what_a_text_needs_is_kept() -> None:
    assert cleaned(TEXT) == TEXT
    assert cleaned(cleaned(TEXT)) == cleaned(TEXT)
    assert wrong(zh=TEXT, en=TEXT) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ('<p style="color:red" class="MsoNormal" id="x">杯</p>', "<p>杯</p>"),
        ("<div><font size=5>杯</font></div>", "杯"),
        ("<style>p{}</style><title>t</title><p>杯</p>", "<p>杯</p>"),
        ("<!-- note --><p>杯", "<p>杯</p>"),
        ('<img src="http://a.example/a.jpg" alt="杯">', '<img alt="杯">'),
        ('<img src="/other/a.jpg">', "<img>"),
        ('<img src="//a.example/a.jpg">', "<img>"),
        ('<td width="9">a</td>', "a"),
        ('<img src="https://a.example/a.jpg" width="100%">', '<img src="https://a.example/a.jpg">'),
        ("1 < 2", "1 &lt; 2"),
        ("<p>&nbsp;</p><p><br></p>", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_markup_that_texts_do_not_need_is_dropped(sent: str, kept: str) -> None:
    assert cleaned(sent) == kept
    assert wrong(zh=sent) == []


def test_a_link_leads_to_https_or_into_the_mall_and_gives_nothing_away() -> None:
    rel = ' rel="noopener noreferrer nofollow"'
    assert cleaned('<a href="https://a.example">a</a>') == f'<a href="https://a.example"{rel}>a</a>'
    assert cleaned('<a href="/pages/home">a</a>') == f'<a href="/pages/home"{rel}>a</a>'
    for address in ("http://a.example", "//a.example", "tel:110", "ftp://a"):
        assert "href" not in cleaned(f'<a href="{address}">a</a>'), address


RUNNING = [
    "<script>alert(1)</script>", "<SCRIPT SRC=//a.example></SCRIPT>", "<p onclick=alert(1)>a",
    '<img src="x" onerror="alert(1)">', "<svg/onload=alert(1)>", "<math><mi></mi></math>",
    '<a href="javascript:alert(1)">a</a>', '<a href=" java\tscript:alert(1)">a</a>',
    '<a href="&#106;avascript:alert(1)">a</a>', '<a href="data:text/html,x">a</a>',
    '<iframe src="https://a.example"></iframe>', "<object data=x></object>", "<embed src=x>",
    '<form action="https://a.example"><input></form>', "<meta http-equiv=refresh content=0>",
    '<link rel="stylesheet" href="https://a.example">', '<base href="https://a.example">',
    '<img src="data:image/svg+xml,x">', "<template><p>a</p></template>",
]  # fmt: skip


@pytest.mark.parametrize("html", RUNNING)
def test_html_that_runs_is_refused_and_would_be_harmless_all_the_same(html: str) -> None:
    assert wrong(zh=html) == [("details.zh-CN", "unsafe_html")]
    assert wrong(en=f"<p>a</p>{html}") == [("details.en", "unsafe_html")]
    assert [e.field for e in details_errors(DetailsChange(en=html))] == ["details.en"]
    assert not runs(cleaned(html))


class _Looks(HTMLParser):
    ran = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ran |= tag in ("script", "iframe", "object", "embed", "form", "svg", "math", "base")
        self.ran |= any(
            name.startswith("on") or (value or "").strip().lower().startswith(("java", "data:"))
            for name, value in attrs
        )


def runs(html: str) -> bool:
    looks = _Looks()
    looks.feed(html)
    looks.close()
    return looks.ran


PIECES = st.sampled_from(
    ["<", ">", "</", '"', "'", "=", " ", "p", "script", "svg", "img", "onload", "src", "href",
     "javascript:", "&lt;", "<!--", "-->", "<![CDATA[", "]]>", "math", "style", "textarea", "a",
     "x", "<noscript>", "\x00", "/", "&#x6a;", "template", "select", "table", "&#"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_cleaned_html_never_runs_and_is_clean(html: str) -> None:
    kept = cleaned(html)
    assert not runs(kept)
    assert cleaned(kept) == kept


def test_a_refusal_tells_what_runs() -> None:
    (first,) = details_errors(Details(zh="<p onclick=a>"))
    assert first.message.zh == "不得含会运行的内容：p onclick"
    (first,) = details_errors(Details(en="<script>"))
    assert first.message.en == "may not hold what runs: <script>"


def test_20000_characters_are_kept_however_much_markup_is_dropped() -> None:
    assert wrong(zh=f"<font>{'杯' * 19_993}</font><p></p>") == []
    assert wrong(zh="杯" * 20_001) == [("details.zh-CN", "too_long")]


@given(st.text(), st.text())
def test_details_are_read_as_they_were_packed(zh: str, en: str) -> None:
    details = Localized(zh, en)
    assert unpacked(packed(details)) == details


def test_no_details_take_no_bytes() -> None:
    assert packed(Localized("", "")) is None
    assert unpacked(None) == Localized("", "")
    assert len(packed(Localized("<p>商品详情</p>" * 100, "")) or b"") < 100


@pytest.mark.parametrize("path", ["../v1/me", "%2e%2e/v1/me", "..\\v1", "./a.jpg", "a.jpg?b=1", ""])
def test_a_picture_of_details_leads_nowhere_else(path: str) -> None:
    assert pictures_in(cleaned(f'<p>x<img src="/pictures/{path}"></p>')) == []


def test_the_pictures_of_details_are_found() -> None:
    html = cleaned(
        '<img alt="a" src="/pictures/a.jpg"><p>x</p><img src="https://a.example/?a=1&b">'
    )
    assert pictures_in(html) == ["/pictures/a.jpg", "https://a.example/?a=1&b"]
    assert pictures_in("<p>src=</p>") == []
