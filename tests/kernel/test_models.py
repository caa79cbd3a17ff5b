"""Items are made, written and read as PynamoDB's own models do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pynamodb.attributes import DiscriminatorAttribute, ListAttribute, MapAttribute
from pynamodb.exceptions import AttributeNullError
from pynamodb.models import Model

from chalicelib.kernel.store.models import LeanModel
from chalicelib.ledger.tables import AccountItem
from chalicelib.notify.tables import NoticeItem
from infra.cli import records
from tests.corpus import reading
from tests.corpus.releases import everything


def kept() -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each stored item of each release, with its class."""
    for table, image in everything():
        yield records.kind_of(table, image), reading.raw(image)


def read_by_pynamodb(kind: Any, image: dict[str, Any]) -> Any:
    own: Any = Model.from_raw_data
    return own.__func__(kind, image)


def plain(image: dict[str, Any]) -> dict[str, Any]:
    """An image; a set has no order."""
    return {
        name: {"SS": sorted(value["SS"])} if "SS" in value else value
        for name, value in image.items()
    }


def classes(kind: type[LeanModel] = LeanModel) -> Iterator[type[LeanModel]]:
    for each in kind.__subclasses__():
        if each.__module__.startswith("chalicelib."):
            yield each
        yield from classes(each)


def test_an_item_is_read_as_pynamodb_reads_it() -> None:
    seen = set()
    for kind, image in kept():
        read = kind.from_raw_data(dict(image))
        assert read.attribute_values == read_by_pynamodb(kind, image).attribute_values
        again = kind()
        again.deserialize(image)
        assert again.attribute_values == read.attribute_values
        seen.add(kind)
    assert len(seen) > 40


def test_an_item_is_written_as_pynamodb_writes_it() -> None:
    for kind, image in kept():
        item = read_by_pynamodb(kind, image)
        assert plain(item.serialize()) == plain(Model.serialize(item))
        assert plain(item.serialize()).keys() <= image.keys()


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("old", [None, "ALL_OLD"])
def test_a_put_of_a_transaction_is_the_one_that_pynamodb_makes(old: str | None) -> None:
    conditions: list[Callable[[Any], Any]] = [
        lambda _: None,
        lambda kind: kind.pk.does_not_exist(),
        lambda kind: (kind.pk == "a") & (kind.sk.exists() | (kind.pk < kind.sk)),
    ]
    for kind, image in kept():
        item = kind.from_raw_data(dict(image))
        for condition in conditions:
            ours = item.get_save_kwargs_from_instance(condition(kind), old)
            theirs = Model.get_save_kwargs_from_instance(item, condition(kind), old)
            ours["Item"], theirs["Item"] = plain(ours["Item"]), plain(theirs["Item"])
            assert ours == theirs


def test_an_item_is_made_as_pynamodb_makes_it() -> None:
    known: Any = {"type": "order.approved", "created_ms": 7, "sms": None}
    item, theirs = NoticeItem("p", "s", **known), NoticeItem()
    Model.__init__(theirs, "p", "s", **known)
    assert item.attribute_values == theirs.attribute_values
    assert NoticeItem().attribute_values == {}
    for init in (NoticeItem, lambda *rest, **named: Model.__init__(item, *rest, **named)):
        with pytest.raises(ValueError, match="Attribute colour specified does not exist"):
            init("p", "s", colour="red")


def test_an_item_without_what_it_needs_is_refused_as_by_pynamodb() -> None:
    item = AccountItem("p", "s", seq=None)
    for serialize in (AccountItem.serialize, Model.serialize):
        with pytest.raises(AttributeNullError):
            serialize(item)
        assert serialize(item, null_check=False) == {"pk": {"S": "p"}, "sk": {"S": "s"}}


def test_an_image_of_another_type_is_refused_as_by_pynamodb() -> None:
    image = {"pk": {"S": "p"}, "sk": {"S": "s"}, "seq": {"S": "1"}}
    refused = []
    for deserialize in (AccountItem.deserialize, Model.deserialize):
        with pytest.raises(Exception, match="seq") as told:
            deserialize(AccountItem(), image)
        refused.append((type(told.value), str(told.value)))
    assert refused[0] == refused[1]


def test_no_attribute_is_of_those_that_the_model_leaves_out() -> None:
    left_out = (ListAttribute, MapAttribute, DiscriminatorAttribute)
    found = [
        f"{kind.__name__}.{name}"
        for kind in classes()
        for name, attribute in kind.get_attributes().items()
        if isinstance(attribute, left_out)
        or attribute.default is not None
        or attribute.default_for_new is not None
        or attribute.attr_name != name
    ]
    assert found == []
    assert len(list(classes())) > 40
