"""A PynamoDB model that is made, written and read by the attributes that an item has.

PynamoDB looks at each attribute that a class may have, several times for each item; most of ours
may be null, and are. None of ours has a default or another name in the table, or is a map, a list
or a discriminator of PynamoDB's: `serialize` and `deserialize` leave those out.
"""

from __future__ import annotations

from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.constants import (
    CONDITION_EXPRESSION,
    EXPRESSION_ATTRIBUTE_NAMES,
    EXPRESSION_ATTRIBUTE_VALUES,
    ITEM,
    NULL,
    RETURN_VALUES_ON_CONDITION_FAILURE,
    TABLE_NAME,
)
from pynamodb.exceptions import AttributeNullError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model

Image = dict[str, dict[str, Any]]


class LeanModel(Model):
    """A model with the keys `pk` and `sk`, which does as PynamoDB's own in fewer steps."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)

    def __init__(
        self,
        hash_key: str | None = None,
        range_key: str | None = None,
        _user_instantiated: bool = True,
        **attributes: Any,
    ) -> None:
        """Raises ValueError for an attribute that the class does not have."""
        if unknown := attributes.keys() - self.get_attributes().keys():
            raise ValueError(f"Attribute {min(unknown)} specified does not exist")
        if hash_key is not None:
            attributes["pk"] = hash_key
        if range_key is not None:
            attributes["sk"] = range_key
        self.attribute_values = attributes

    @classmethod
    def from_raw_data(cls, data: Image) -> Any:
        """The item of an image. Raises what an attribute raises of another type or value."""
        item = cls()
        item.deserialize(data)
        return item

    def serialize(self, null_check: bool = True) -> Image:
        """The image of this item.

        Raises AttributeNullError if it lacks an attribute that may not be null.
        """
        known, image = self.get_attributes(), {}
        for name, value in self.attribute_values.items():
            attribute = known[name]
            written = None if value is None else attribute.serialize(value)
            if written is not None:
                image[name] = {attribute.attr_type: written}
        if null_check:
            for name, attribute in known.items():
                if not attribute.null and name not in image:
                    raise AttributeNullError(name)
        return image

    def deserialize(self, attribute_values: Image) -> None:
        """Hold what an image holds, but for attributes that the class does not have."""
        known = self.get_attributes()
        self.attribute_values = {
            name: known[name].deserialize(known[name].get_value(value))
            for name, value in attribute_values.items()
            if name in known and value and NULL not in value
        }

    def get_save_kwargs_from_instance(
        self,
        condition: Condition | None = None,
        return_values_on_condition_failure: str | None = None,
    ) -> dict[str, Any]:
        """The put of this item in a transaction.

        Raises AttributeNullError.
        """
        put: dict[str, Any] = {TABLE_NAME: self.Meta.table_name, ITEM: self.serialize()}
        if condition is not None:
            names: dict[str, str] = {}
            values: dict[str, Any] = {}
            put[CONDITION_EXPRESSION] = condition.serialize(names, values)
            put[EXPRESSION_ATTRIBUTE_NAMES] = {short: name for name, short in names.items()}
            if values:
                put[EXPRESSION_ATTRIBUTE_VALUES] = values
        if return_values_on_condition_failure is not None:
            put[RETURN_VALUES_ON_CONDITION_FAILURE] = return_values_on_condition_failure
        return put
