"""A file that was sent is the picture that it was told to be, or it is refused."""

from __future__ import annotations

import struct
import zlib

import pytest
from PIL import Image

from chalicelib.catalog.rules.pictures import NotAPicture, shown
from chalicelib.catalog.rules.uploads import Media, small_key, thumbnail_of, upload_in
from tests.catalog.drawing import opened, picture

pytestmark = pytest.mark.pure

KINDS: list[tuple[str, Media]] = [
    ("JPEG", "image/jpeg"),
    ("PNG", "image/png"),
    ("WEBP", "image/webp"),
]


def refused(content: bytes, media: Media) -> str:
    with pytest.raises(NotAPicture) as found:
        shown(content, media)
    return found.value.reason


@pytest.mark.parametrize(("kind", "media"), KINDS)
def test_a_picture_is_shown_in_its_own_kind_with_a_thumbnail(kind: str, media: Media) -> None:
    made = shown(picture(kind, (2000, 1000)), media)
    full, small = opened(made.full), opened(made.small)
    assert (full.format, full.size, made.width, made.height) == (kind, (1600, 800), 1600, 800)
    assert (small.format, small.size) == (kind, (400, 200))
    little = shown(picture(kind), media)
    assert opened(little.full).size == opened(little.small).size == (60, 40)


def test_a_picture_of_another_type_is_refused() -> None:
    for kind, _ in KINDS:
        for other, media in KINDS:
            if kind != other:
                assert refused(picture(kind), media) == "other_type", (kind, media)


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"<svg onload=alert(1)>", b"<html><script>alert(1)</script></html>", b"GIF89a" * 9,
     b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBPVP8 ", b"%PDF-1.7",
     b"PK\x03\x04" * 20],
)  # fmt: skip
@pytest.mark.parametrize(("_kind", "media"), KINDS)
def test_a_file_that_is_no_picture_is_refused(_kind: str, media: Media, content: bytes) -> None:
    assert refused(content, media) in ("other_type", "broken")


@pytest.mark.parametrize(("kind", "media"), KINDS)
def test_half_a_picture_is_refused(kind: str, media: Media) -> None:
    whole = picture(kind, (500, 500))
    assert refused(whole[: len(whole) // 2], media) in ("broken", "other_type")


def test_what_else_a_file_holds_is_not_shown() -> None:
    exif = Image.Exif()
    exif[0x9286] = "a comment with a place"
    told = picture("JPEG", exif=exif, comment=b"31.23N 121.47E") + b"<script>alert(1)</script>"
    made = shown(told, "image/jpeg")
    for content in (made.full, made.small):
        assert b"script" not in content
        assert b"121.47E" not in content
        assert b"a place" not in content
        assert not opened(content).getexif()


def test_a_picture_that_was_taken_on_its_side_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = shown(picture("JPEG", (60, 40), exif=exif), "image/jpeg")
    assert (made.width, made.height) == (40, 60)


def test_a_small_file_of_many_points_is_refused_before_it_is_unpacked() -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        checked = name + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    bomb += chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    assert refused(bomb, "image/png") == "too_many_pixels"


def test_glass_stays_glass_where_the_kind_has_any() -> None:
    import io

    glass = io.BytesIO()
    Image.new("RGBA", (9, 9), (9, 9, 9, 100)).save(glass, "PNG")
    assert opened(shown(glass.getvalue(), "image/png").full).mode == "RGBA"


def test_a_path_names_its_upload_and_its_thumbnail() -> None:
    path = f"/pictures/upl_{'a' * 26}.webp"
    assert upload_in(path) == f"upl_{'a' * 26}"
    assert thumbnail_of(path) == f"/pictures/upl_{'a' * 26}-small.webp"
    assert small_key("a.b.jpg") == "a.b-small.jpg"
    for other in ("/pictures/cup.svg", "https://a.example/a.jpg", f"{path}?x", path[:-1]):
        assert upload_in(other) is None
        assert thumbnail_of(other) == other
