"""Items hold values by the names of their fields, and fail where a name has no counterpart."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute
from chalicelib.kernel.store.indexes import KEYS_ONLY, including, index
from chalicelib.kernel.store.mapping import Unmapped
from chalicelib.kernel.store.tables import Item, connection
from chalicelib.notify.tables import NoticeItem, TextCountItem
from chalicelib.payments.tables.items import PaymentsItem
from chalicelib.withdrawals.tables.withdrawals import LimitItem


class Parcels(Item):
    class Meta:
        table_name = "parcels"

    due = index("due", "due_shard", "due_at", order_type=IntegerAttribute)
    due_at = IntegerAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)


class ParcelItem(Parcels):
    weight = IntegerAttribute()
    carrier = UnicodeAttribute(null=True)
    tags = StructAttribute[dict[str, str]](dict[str, str], null=True)
    sent_at = IntegerAttribute(null=True)


class Parcel(msgspec.Struct, frozen=True):
    id: str
    sent_at_ms: int | None
    due_at: int = 0
    weight: int = 1
    carrier: str = "SF"
    tags: dict[str, str] = msgspec.field(default_factory=dict)


class ParcelStruct(msgspec.Struct):
    id: str
    sent_at_s: int | None
    due_at: int = 0
    weight: int = 1
    carrier: str = "SF"
    tags: dict[str, str] = {}


def read(item: Item, kind: Any = Parcel) -> Any:
    return item.into(kind, id=item.pk, due_at=0)


@pytest.mark.parametrize("kind", [Parcel, ParcelStruct])
def test_a_default_is_left_out_and_read_again(kind: Any) -> None:
    for value in (kind("p", None), kind("p", 7, 0, 1, "DHL", {"a": "b"})):
        item = ParcelItem.holding(value, "p", "P")
        assert read(ParcelItem.from_raw_data(item.serialize()), kind) == value
    stored = ParcelItem.holding(kind("p", None), "p", "P").serialize()
    assert stored == {"pk": {"S": "p"}, "sk": {"S": "P"}, "weight": {"N": "1"}}


def test_keys_of_indexes_are_never_taken_from_fields_of_the_same_name() -> None:
    value = Parcel("p", None, due_at=9)
    assert "due_at" not in ParcelItem.holding(value, "p", "P").serialize()
    assert ParcelItem.holding(value, "p", "P", due_at=5).serialize()["due_at"] == {"N": "5"}
    with pytest.raises(Unmapped, match=r"ParcelItem has no attribute for Parcel\.due_at"):
        ParcelItem.holding(value, "p", "P").into(Parcel, id="p")


def test_a_field_without_an_attribute_is_an_error() -> None:
    bigger = msgspec.defstruct("Bigger", [("insured", bool, False)], bases=(ParcelStruct,))
    with pytest.raises(Unmapped, match=r"ParcelItem has no attribute for Bigger\.insured"):
        read(ParcelItem.holding(bigger("p", None), "p", "P"), bigger)


def test_an_attribute_without_a_field_is_an_error() -> None:
    fewer = msgspec.defstruct("Fewer", [("id", str), ("weight", int)])
    with pytest.raises(Unmapped, match=r"Fewer has no field for ParcelItem\.carrier"):
        ParcelItem.holding(fewer("p", 1), "p", "P")


def test_an_unknown_attribute_is_an_error() -> None:
    with pytest.raises(Unmapped, match="ParcelItem has no attribute colour"):
        ParcelItem.holding(Parcel("p", None), "p", "P", colour="red")


def test_an_attribute_of_two_fields_is_an_error() -> None:
    both = msgspec.defstruct("Both", [("sent_at_ms", int, 0)], bases=(ParcelStruct,))
    with pytest.raises(Unmapped, match="sent_at may be sent_at_ms or sent_at_s"):
        ParcelItem.holding(both("p", None), "p", "P")


def test_none_instead_of_another_default_is_refused() -> None:
    odd: Any = None
    with pytest.raises(ValueError, match="reads no carrier as 'SF'"):
        ParcelItem.holding(Parcel("p", None, carrier=odd), "p", "P")


def test_an_index_projects_the_given_attributes() -> None:
    def projected(**told: Any) -> Any:
        return index("named", "a", "b", **told).Meta.projection

    assert projected().projection_type == "ALL"
    assert projected(projection=KEYS_ONLY).projection_type == "KEYS_ONLY"
    assert projected(projection=including("c", "d")).non_key_attributes == ["c", "d"]


@pytest.mark.parametrize(
    ("first", "later", "name"),
    [(TextCountItem, NoticeItem, "inbox"), (LimitItem, PaymentsItem, "by_day")],
)
def test_any_class_of_a_table_knows_all_its_indexes(
    engine: str, first: Any, later: Any, name: str
) -> None:
    first.find("nobody", "nothing")
    later.find("nobody", "nothing")
    assert connection().get_meta_table(later.Meta.table_name).has_index_name(name)
