"""Today's code reads the stored items of each release, and the next one's will too."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import msgspec
import pytest

from chalicelib.catalog.tables.items import ProductItem
from chalicelib.catalog.tables.pools import FoundCode
from chalicelib.catalog.tables.ratings import RatedItem
from chalicelib.kernel.errors import Unreadable
from chalicelib.kernel.store import tables
from chalicelib.kernel.store.attributes import StructAttribute
from chalicelib.kernel.store.tables import Item
from chalicelib.members.rules import Address
from chalicelib.members.tables.items import ContactItem
from chalicelib.orders.tables import ShippedItem
from infra.cli import records
from tests.corpus import reading
from tests.corpus.growing import NEW, grown
from tests.corpus.releases import RELEASES, Kept, everything, kept


def unread(items: Kept) -> list[str]:
    """The unreadable items among these, with the errors."""
    found = []
    for table, image in items:
        try:
            reading.opened(table, image)
        except Exception as error:
            found.append(f"{table} {image['pk']} {image['sk']}: {error!r} {error.__cause__!r}")
    return found


def items_of(kind: type[Item]) -> Kept:
    found = [each for each in everything() if records.kind_of(*each) is kind]
    assert found
    return found


def test_every_item_of_every_release_is_read() -> None:
    assert len(everything()) > 200
    assert unread(everything()) == []


def test_all_that_was_ever_stored_is_read_from_a_stream() -> None:
    """After an upgrade the first change of each older item has it as the image before."""
    for table, stored in everything():
        kind: Any = records.kind_of(table, stored)
        whole = kind.from_raw_data(dict(reading.raw(stored)))
        assert tables.from_stream(kind, stored).attribute_values == whole.attribute_values


def classes() -> set[type[Item]]:
    """Every class of items that is no other's base, but those that read items of others."""
    found, waiting = set(), [Item]
    while waiting:
        kind = waiting.pop()
        below = [each for each in kind.__subclasses__() if each.__module__.startswith("chalice")]
        waiting += below
        if not below:
            found.add(kind)
    return found - {ContactItem, FoundCode, RatedItem, ShippedItem}


def test_every_class_of_items_has_keys_and_a_line_in_the_newest_corpus() -> None:
    assert {kind for *_, kind in records.KEPT} == classes()
    assert {records.kind_of(*each) for each in kept(RELEASES[-1])} == classes()


def test_the_newest_corpus_has_items_of_all_known_keys() -> None:
    def known(table: str, image: Any) -> tuple[str, str, str]:
        pk, sk = image["pk"]["S"], image["sk"]["S"]
        return next(
            (where, partition, sort)
            for where, partition, sort, _ in records.KEPT
            if where == table and pk.startswith(partition) and sk.startswith(sort)
        )

    found = {known(*each) for each in kept(RELEASES[-1])}
    assert {keys for *keys_and_kind, _ in records.KEPT for keys in [tuple(keys_and_kind)]} == found


def test_the_newest_corpus_has_every_attribute() -> None:
    """Add an item with a new attribute to the corpus of the next release."""
    seen: dict[Any, set[str]] = defaultdict(set)
    for table, image in kept(RELEASES[-1]):
        seen[records.kind_of(table, image)] |= set(image)
    inherited = {"pk", "sk", "list_name", "list_order"}
    missing = {
        f"{kind.__name__}.{name}"
        for kind in classes()
        for name in vars(kind)
        if name in kind.get_attributes() and name not in seen[kind] | inherited
    }
    assert missing == set()


def test_the_corpus_detects_a_new_required_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """This fails if a required new field of products would go unnoticed."""
    products = items_of(ProductItem)
    attribute: Any = ProductItem.__dict__["product"]
    kind = attribute.struct
    needed = msgspec.defstruct(
        "Product", [("needed", str)], bases=(kind,), kw_only=True, frozen=True
    )
    optional = msgspec.defstruct(
        "Product", [("more", str | None, None)], bases=(kind,), kw_only=True, frozen=True
    )
    monkeypatch.setattr(attribute, "_decoder", msgspec.json.Decoder(optional))
    monkeypatch.setattr(attribute, "struct", optional)
    assert unread(products) == []
    monkeypatch.setattr(attribute, "_decoder", msgspec.json.Decoder(needed))
    monkeypatch.setattr(attribute, "struct", needed)
    assert len(unread(products)) == len(products)
    assert "missing required field `needed`" in unread(products)[0]


def test_the_corpus_detects_a_new_required_attribute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "product" in tables.required(ProductItem)
    monkeypatch.setattr(tables, "required", lambda kind: frozenset({"needed"}))
    assert len(unread(items_of(ProductItem))) == len(items_of(ProductItem))


def test_items_of_a_newer_release_are_read_after_a_rollback() -> None:
    """Attributes, members of structs and places of arrays that today's code does not know."""
    newer = []
    for table, image in everything():
        kind = records.kind_of(table, image)
        assert kind is not None
        changed = {**image, NEW: {"S": "something"}}
        for name, attribute in kind.get_attributes().items():
            if isinstance(attribute, StructAttribute) and name in image:
                content = attribute.deserialize(image[name]["S"])
                changed[name] = {"S": _with_more(attribute.struct, content)}
        newer.append((table, changed))
    assert unread(newer) == []


def _with_more(kind: Any, content: Any) -> str:
    """The content as the grown type encodes it, each new member with a value."""
    later = msgspec.convert(msgspec.to_builtins(content), grown(kind))
    return msgspec.json.encode(_filled(msgspec.to_builtins(later))).decode()


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: "new" if name == NEW else _filled(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each) for each in value]
    return value


def test_addresses_of_older_and_newer_releases_are_read() -> None:
    address = Address("李雷", "+8613800138000", "CN", "上海市", "上海市", None, "南京路 1 号", None)
    now = address.encode()
    assert Address.decode(now) == address
    assert Address.decode(now + "\x1f新".encode("gb18030")) == address
    assert Address.decode(now.rpartition(b"\x1f")[0]) == address


def test_a_record_with_unknown_keys_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        records.read("orders", {"pk": {"S": "ord_1"}, "sk": {"S": "NOTE"}})
