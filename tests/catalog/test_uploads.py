"""Pictures sent straight to S3: the form, the check, and what a product may show."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.catalog.actions import buckets
from chalicelib.catalog.actions.uploads import check_upload
from chalicelib.catalog.events import check_uploads
from chalicelib.kernel.config import config
from tests.api import new_key, token
from tests.catalog.buckets import Buckets
from tests.catalog.drawing import opened, picture
from tests.catalog.shop import Shop, codes_of, fresh


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Buckets:
    return Buckets.instead_of_s3(monkeypatch)


JPEG = picture("JPEG", (900, 600))


def begin(shop: Shop, content: bytes = JPEG, media: str = "image/jpeg") -> dict[str, Any]:
    begun = shop.post("uploads", {"content_type": media, "bytes": len(content)})
    assert begun.status == 201, begun
    form: dict[str, Any] = begun.body
    return form


def told(key: str) -> dict[str, Any]:
    """What the function gets when S3 has a new object."""
    body = json.dumps({"Records": [{"s3": {"bucket": {"name": "b"}, "object": {"key": key}}}]})
    return {"Records": [{"messageId": "1", "body": body}]}


def send(
    shop: Shop, s3: Buckets, content: bytes = JPEG, media: str = "image/jpeg"
) -> dict[str, Any]:
    """Send a picture and let it be checked; the upload then."""
    form = begin(shop, content, media)
    key = form["fields"]["key"]
    s3.sent[key] = content
    assert check_uploads(told(key), None) == {"batchItemFailures": []}
    assert key not in s3.sent
    shown: dict[str, Any] = shop.get(f"uploads/{form['id']}").body
    return shown


def test_the_form_takes_one_file_of_one_type_and_so_many_bytes(shop: Shop) -> None:
    form = begin(shop)
    assert form["path"] == f"/pictures/{form['id']}.jpg"
    assert "uploads-test" in form["url"]
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    assert ["content-length-range", len(JPEG), len(JPEG)] in policy["conditions"]
    assert {"Content-Type": "image/jpeg"} in policy["conditions"]
    assert {"key": f"{form['id']}.jpg"} in policy["conditions"]
    assert shop.get(f"uploads/{form['id']}").body["status"] == "waiting"


def test_a_checked_picture_is_shown_with_its_thumbnail_and_may_stand_on_a_product(
    shop: Shop, s3: Buckets
) -> None:
    upload = send(shop, s3)
    assert (upload["status"], upload["width"], upload["height"]) == ("ready", 900, 600)
    key = upload["path"].removeprefix("/pictures/")
    assert opened(s3.shown[key]).size == (900, 600)
    small = upload["thumbnail"].removeprefix("/pictures/")
    assert opened(s3.shown[small]).size == (400, 267)
    details = {"zh-CN": f'<p>图</p><img src="{upload["path"]}">'}
    made = shop.product(pictures=[upload["path"]], details=details)
    assert upload["path"] in made["details"]["zh-CN"]
    shown = shop.api.get(f"/v1/products/{made['id']}").body
    assert (shown["pictures"], shown["thumbnails"]) == ([upload["path"]], [upload["thumbnail"]])
    row = next(p for p in shop.api.listed("/v1/products") if p["id"] == made["id"])
    assert (row["picture"], row["thumbnail"]) == (upload["path"], upload["thumbnail"])


LIES = [
    (b"<html><script>alert(1)</script></html>", "image/jpeg", "other_type"),
    (picture("PNG"), "image/jpeg", "other_type"),
    (JPEG, "image/png", "other_type"),
    (JPEG[: len(JPEG) // 2], "image/jpeg", "broken"),
]


@pytest.mark.parametrize(("content", "media", "reason"), LIES)
def test_a_picture_that_lies_about_its_type_is_removed_and_refused_on_a_product(
    shop: Shop, s3: Buckets, content: bytes, media: str, reason: str
) -> None:
    upload = send(shop, s3, content, media)
    assert (upload["status"], upload["reason"], s3.shown) == ("refused", reason, {})
    refused = shop.post("products", shop.draft(pictures=[upload["path"]]))
    assert (refused.status, codes_of(refused)) == (400, [("pictures[0]", "picture_refused")])
    details = {"en": f'<img src="{upload["path"]}">'}
    refused = shop.post("products", shop.draft(details=details))
    assert codes_of(refused) == [("details.en", "picture_refused")]
    refused = shop.post(
        "brands", {"id": fresh("b"), "title": {"zh-CN": "牌", "en": "B"}, "logo": upload["path"]}
    )
    assert codes_of(refused) == [("logo", "picture_refused")]
    assert shop.listed() == []


def test_a_file_of_other_bytes_than_were_told_is_refused(shop: Shop, s3: Buckets) -> None:
    form = begin(shop)
    s3.sent[form["fields"]["key"]] = JPEG + b"more"
    check_upload(form["fields"]["key"])
    assert shop.get(f"uploads/{form['id']}").body["reason"] == "other_size"


def test_a_picture_is_refused_on_a_product_until_it_is_checked(shop: Shop, s3: Buckets) -> None:
    form = begin(shop)
    made = shop.product()
    refused = shop.patch(f"products/{made['id']}", {"pictures": [form["path"]]}, version=1)
    assert codes_of(refused) == [("pictures[0]", "picture_not_ready")]
    unknown = f"/pictures/upl_{'a' * 26}.jpg"
    other_ending = form["path"].replace(".jpg", ".png")
    draft = shop.draft(pictures=["/pictures/cup.svg", unknown, other_ending])
    assert codes_of(shop.post("products", draft)) == [
        ("pictures[1]", "unknown_picture"),
        ("pictures[2]", "unknown_picture"),
    ]
    assert shop.get(f"products/{made['id']}").body == made
    s3.sent[form["fields"]["key"]] = JPEG
    check_upload(form["fields"]["key"])
    changed = shop.patch(f"products/{made['id']}", {"pictures": [form["path"]]}, version=1)
    assert changed.body["pictures"] == [form["path"]]


def test_a_check_is_done_once_however_often_s3_tells(shop: Shop, s3: Buckets) -> None:
    upload = send(shop, s3)
    key = upload["path"].removeprefix("/pictures/")
    shown = dict(s3.shown)
    # The form is sent again within its ten minutes: the picture stays what it was.
    s3.sent[key] = picture("JPEG", (50, 50))
    assert check_upload(key) == "unasked"
    assert (s3.sent, s3.shown) == ({}, shown)
    assert check_upload("nobody-asked.jpg") == "unasked"
    form = begin(shop)
    assert check_upload(form["fields"]["key"]) == "gone"
    assert shop.get(f"uploads/{form['id']}").body["status"] == "waiting"


def test_a_check_that_fails_midway_is_done_again(
    shop: Shop, s3: Buckets, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = begin(shop)
    key = form["fields"]["key"]
    s3.sent[key] = JPEG

    def fails(*_: Any) -> None:
        raise OSError("S3 is away")

    with monkeypatch.context() as patch:
        patch.setattr(buckets, "show", fails)
        assert check_uploads(told(key), None) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert shop.get(f"uploads/{form['id']}").body["status"] == "waiting"
    assert check_uploads(told(key), None) == {"batchItemFailures": []}
    assert shop.get(f"uploads/{form['id']}").body["status"] == "ready"


def test_the_test_message_of_s3_is_taken(shop: Shop) -> None:
    event = {"Records": [{"messageId": "1", "body": json.dumps({"Event": "s3:TestEvent"})}]}
    assert check_uploads(event, None) == {"batchItemFailures": []}


def test_a_retry_of_an_upload_gets_the_same_path(shop: Shop) -> None:
    body, key = {"content_type": "image/png", "bytes": 9}, new_key()
    first, again = shop.post("uploads", body, key=key), shop.post("uploads", body, key=key)
    assert (again.status, again.body["path"]) == (201, first.body["path"])
    assert again.headers["Idempotent-Replayed"] == "true"
    other = shop.post("uploads", {**body, "bytes": 10}, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"content_type": "image/svg+xml", "bytes": 9}, "content_type"),
        ({"content_type": "text/html", "bytes": 9}, "content_type"),
        ({"content_type": "image/png", "bytes": 0}, "bytes"),
        ({"content_type": "image/png", "bytes": 10_000_001}, "bytes"),
        ({"content_type": "image/png", "bytes": 1.5}, "bytes"),
        ({"content_type": "image/png"}, "bytes"),
    ],
)
def test_other_types_and_sizes_are_refused(shop: Shop, body: dict[str, Any], field: str) -> None:
    refused = shop.post("uploads", body)
    assert (refused.status, [wrong for wrong, _ in codes_of(refused)]) == (400, [field])


def test_a_member_sends_pictures_and_sees_no_others(shop: Shop, s3: Buckets) -> None:
    body = {"content_type": "image/jpeg", "bytes": len(JPEG)}
    mine, other = token(f"mbr_{fresh('m')}", "member"), token(f"mbr_{fresh('o')}", "member")
    begun = shop.api.post("/v1/me/uploads", body, as_=mine, key=new_key())
    assert begun.status == 201
    path = f"/v1/me/uploads/{begun.body['id']}"
    assert shop.api.get(path, as_=mine).body["status"] == "waiting"
    assert shop.api.get(path, as_=other).status == 404
    assert shop.api.get("/v1/me/uploads/upl_x", as_=mine).status == 404
    assert shop.api.get(path).status == 401
    admin = f"/v1/admin/uploads/{begun.body['id']}"
    assert shop.api.get(admin, as_=mine).status == 403
    assert shop.api.get(admin, as_=shop.agent).status == 200
    assert shop.api.post("/v1/admin/uploads", body, as_=mine, key=new_key()).status == 403
    assert shop.api.post("/v1/admin/uploads", body, as_=shop.agent, key=new_key()).status == 403


def test_a_member_sends_so_many_pictures_a_day_even_at_once(shop: Shop) -> None:
    mine = token(f"mbr_{fresh('m')}", "member")
    body = {"content_type": "image/jpeg", "bytes": 9}
    most = config().catalog.member_uploads_a_day

    def begin_one(_: int) -> int:
        return shop.api.post("/v1/me/uploads", body, as_=mine, key=new_key()).status

    one_by_one = [begin_one(at) for at in range(most - 2)]
    with ThreadPoolExecutor(4) as threads:
        at_once = sorted(threads.map(begin_one, range(4)))
    assert (set(one_by_one), at_once.count(201)) == ({201}, 2)
    refused = shop.api.post("/v1/me/uploads", body, as_=mine, key=new_key())
    assert (refused.status, refused.body["code"]) == (429, "too_many_uploads")
    assert 0 < int(refused.headers["Retry-After"]) <= 86_400
