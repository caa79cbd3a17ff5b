"""Rich descriptions of products: HTML that shows and never runs, kept packed."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.catalog.rules.products import Localized, Product
from chalicelib.kernel import spelling
from chalicelib.kernel.errors import FieldError, Words
from chalicelib.kernel.texts import PICTURE_PATH, kind

# Of a language's text as it is kept: as long as a long page in a shop.
MAX_DETAILS = 20_000
# What an editor or an office program sends may be mostly markup that is dropped.
Html = Annotated[str, kind(100_000, spelling.paragraphs, None, at_least=0)]
_EMPTY = Localized("", "")

_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "strong", "b", "em", "i", "u", "s", "sub", "sup",
    "ul", "ol", "li", "blockquote", "a", "img",
    "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
# Elements that run, load or send something by themselves, and those whose text is no text.
_RUNNING = frozenset({
    "script", "iframe", "frame", "frameset", "portal",
    "object", "embed", "applet", "svg", "math",
    "form", "link", "meta", "base", "template",
})  # fmt: skip
_LINKING = {"href", "src", "action", "formaction", "data", "srcset", "xlink:href", "background"}
_RUNNING_URL = re.compile(r"(javascript|vbscript|data):", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\ufeff]")
_PICTURE = re.compile(rf"(?:https://[!-~]+|{PICTURE_PATH})\Z")
_LINK = re.compile(r"(https://|/(?!/))[!-~]*\Z")
_SHOWN = re.compile(r"<(img|hr|table)\b")
_ELEMENT = re.compile(r"<[^>]*>")
_SOURCE = re.compile(r'<img[^>]* src="([^"]*)"')


class Details(Localized, frozen=True, forbid_unknown_fields=True):
    """HTML in each language. Elements and attributes that are not for texts are dropped; HTML that
    runs is refused. 20,000 characters are kept at most."""

    zh: Html = msgspec.field(default="", name="zh-CN")
    en: Html = ""


class DetailsChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """New HTML in one language or both."""

    zh: Html | UnsetType = msgspec.field(default=UNSET, name="zh-CN")
    en: Html | UnsetType = UNSET


def cleaned(html: str) -> str:
    """HTML that shows what this one does, with the elements of a text alone; "" shows nothing."""
    if not html:
        return ""
    # Most calls have no HTML.
    import nh3

    kept = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "textarea", "noscript", "svg", "math"},
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"https"},
        link_rel="noopener noreferrer nofollow",
    ).strip()
    text = _UNSEEN.sub("", _ELEMENT.sub("", kept).replace("&nbsp;", ""))
    return kept if text or _SHOWN.search(kept) else ""


def _attribute(_element: str, name: str, value: str) -> str | None:
    if name in ("width", "height", "colspan", "rowspan"):
        return value if value.isascii() and value.isdigit() and len(value) <= 4 else None
    if name == "src":
        return value if _PICTURE.match(value) else None
    if name == "href":
        return value if _LINK.match(value) else None
    return value


def packed(details: Localized) -> bytes | None:
    """The details of both languages in few bytes; None without any."""
    if details == _EMPTY:
        return None
    return zlib.compress(msgspec.msgpack.encode((details.zh, details.en)), 9)


def unpacked(kept: bytes | None) -> Localized:
    if kept is None:
        return _EMPTY
    return Localized(*msgspec.msgpack.decode(zlib.decompress(kept), type=tuple[str, str]))


def details_of(product: Product) -> Localized:
    """The rich description of a product, empty where it has none."""
    return unpacked(product.packed_details)


def pictures_in(html: str) -> list[str]:
    """The addresses of the pictures in cleaned HTML."""
    return [source.replace("&amp;", "&") for source in _SOURCE.findall(html)]


def pictures_of(product: Product) -> Iterator[tuple[str, str]]:
    """All pictures of a product: (the field that names it, its address)."""
    for number, path in enumerate(product.pictures):
        yield f"pictures[{number}]", path
    details = details_of(product)
    for name, html in (("zh-CN", details.zh), ("en", details.en)):
        for path in pictures_in(html):
            yield f"details.{name}", path


def details_errors(given: Details | DetailsChange) -> Iterator[FieldError]:
    """What is wrong with HTML that was sent."""
    for name, html in (("zh-CN", given.zh), ("en", given.en)):
        if html is UNSET:
            continue
        if (ran := _running(html)) is not None:
            words = Words(f"不得含会运行的内容：{ran}", f"may not hold what runs: {ran}")
            yield FieldError(f"details.{name}", "unsafe_html", words)
        elif len(cleaned(html)) > MAX_DETAILS:
            words = Words(
                f"须在 {MAX_DETAILS:,} 个字符以内", f"must be at most {MAX_DETAILS:,} characters"
            )
            yield FieldError(f"details.{name}", "too_long", words)


def _running(html: str) -> str | None:
    """The first thing in HTML that would run. What this does not see is dropped all the same."""
    found = _Running()
    found.feed(html)
    found.close()
    return found.ran


class _Running(HTMLParser):
    ran: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.ran is not None:
            return
        if tag in _RUNNING:
            self.ran = f"<{tag}>"
        for name, value in attrs:
            if name.startswith("on") or (
                name in _LINKING and _RUNNING_URL.match(_UNSEEN.sub("", value or ""))
            ):
                self.ran = f"{tag[:20]} {name[:20]}"
