"""PynamoDB items over one shared client.

This module is the only one that uses private parts of PynamoDB: its models make a connection for
each class otherwise. Those of botocore are used in `chalicelib/kernel/transport/` alone.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache, wraps
from typing import Any, Self, TypeVar

import msgspec
from botocore.config import Config
from pynamodb.connection import Connection
from pynamodb.connection.table import TableConnection
from pynamodb.constants import (
    BATCH_WRITE_ITEM,
    BINARY,
    COUNT,
    DELETE_ITEM,
    GLOBAL_SECONDARY_INDEXES,
    INDEX_NAME,
    LOCAL_SECONDARY_INDEXES,
    PUT_ITEM,
    TRANSACT_WRITE_ITEMS,
    UPDATE_ITEM,
)
from pynamodb.expressions.condition import Condition

from chalicelib.kernel import transport
from chalicelib.kernel.config import config
from chalicelib.kernel.counts import COUNTED_AT_MOST, SomeOf
from chalicelib.kernel.errors import FieldError, Unavailable, Unreadable, Words
from chalicelib.kernel.observe import count, logger
from chalicelib.kernel.refusing import check_may_write
from chalicelib.kernel.store.mapping import attributes_of, fields_of
from chalicelib.kernel.store.models import LeanModel
from chalicelib.kernel.store.pauses import ATTEMPTS, pause

CONNECT_TIMEOUT_S = 1
READ_TIMEOUT_S = 2
# Of one BatchGetItem.
MOST_KEYS = 100
S = TypeVar("S")
_WRITES = {PUT_ITEM, UPDATE_ITEM, DELETE_ITEM, BATCH_WRITE_ITEM, TRANSACT_WRITE_ITEMS}
# Errors of an item's `value` if the item has another shape.
_NO_VALUE = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    AssertionError,
    msgspec.MsgspecError,
)


class _Connection(Connection):
    """PynamoDB's connection: each write passes `dispatch`."""

    def dispatch(self, operation_name: str, operation_kwargs: Any) -> Any:
        if operation_name in _WRITES:
            check_may_write()
        return super().dispatch(operation_name, operation_kwargs)


@cache
def connection() -> Connection:
    """The one connection of this process: each botocore client costs 45-100 ms to make."""
    made = _Connection(
        connect_timeout_seconds=CONNECT_TIMEOUT_S,
        read_timeout_seconds=READ_TIMEOUT_S,
        max_retry_attempts=3,
        max_pool_connections=10,
    )
    made.session.set_default_client_config(
        Config(user_agent=transport.USER_AGENT, signature_version=transport.SIGNATURE)
    )
    transport.quick_with_items(made.client)
    return made


class Item(LeanModel):
    """An item with the keys `pk` and `sk` that every table of ours has.

    An item that this or a subclass's `value` cannot read raises Unreadable, which names it; so does
    an item that lacks an attribute which its class does not let be null. A partial read, by some
    attributes or from an index that has not all, is of a class that takes no more.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "value" in vars(cls):
            setattr(cls, "value", _naming(vars(cls)["value"]))  # noqa: B010 - mypy knows no such

    @classmethod
    def from_raw_data(cls, data: dict[str, Any]) -> Any:
        try:
            item = super().from_raw_data(data)
            check_whole(item)
        except Exception as error:
            raise unreadable(cls.Meta.table_name, data, error) from error
        return item

    @classmethod
    def _get_connection(cls) -> TableConnection:
        made = cls._connection is None
        table = super()._get_connection()
        if made:
            _share(table)
        return table

    @classmethod
    def holding(cls, value: Any, pk: str, sk: str, **beside: Any) -> Self:
        """The item of a value, under these keys: each attribute that is not given `beside` holds
        the field of its name.

        Raises Unmapped.
        """
        item = cls(pk, sk)
        # Their names are known to be right: PynamoDB would look at each again.
        item.attribute_values.update(attributes_of(cls, value, beside))
        return item

    def into(self, kind: type[S], **given: Any) -> S:
        """The value that this item holds: each field that is not `given` is the attribute of its
        name, or its default where that is absent.

        Raises Unmapped.
        """
        return kind(**fields_of(self, kind, given))

    @classmethod
    def find(cls, pk: str, sk: str, *, consistent: bool = True) -> Any:
        """The item under these keys, or None; one read unit (half if not consistent) per 4 KB."""
        try:
            return cls.get(pk, sk, consistent_read=consistent)
        except cls.DoesNotExist:
            return None

    @classmethod
    def find_value(cls, pk: str, sk: str, *, consistent: bool = True) -> Any | None:
        """The value of the item that `find` finds, or None."""
        item = cls.find(pk, sk, consistent=consistent)
        return item.value() if item else None

    @classmethod
    def count_some(
        cls, partition: str, within: Condition | None = None, *, index_name: str
    ) -> SomeOf:
        """How many items an index has in a partition, counted up to a hundred, in one request.

        It costs half a read unit per 4 KB of the index's entries, 101 of them at most.
        """
        found = cls._get_connection().query(
            partition,
            range_key_condition=within,
            index_name=index_name,
            limit=COUNTED_AT_MOST + 1,
            select=COUNT,
        )
        counted, is_cut = found["Count"], "LastEvaluatedKey" in found
        return SomeOf(min(counted, COUNTED_AT_MOST), counted > COUNTED_AT_MOST or is_cut)

    @classmethod
    def read_each(cls, keys: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Any]]:
        """The items under these keys, a hundred a request, as they were a moment ago: (pk, item),
        or (pk, Unreadable) for one that cannot be read.

        Raises Unavailable if the table does not give all of them.
        """
        tried = 0
        left: list[Any] = [{"pk": pk, "sk": sk} for pk, sk in keys]
        table = cls.Meta.table_name
        while left:
            asked, left = left[:MOST_KEYS], left[MOST_KEYS:]
            answer: Any = cls._get_connection().batch_get_item(asked, consistent_read=False)
            for image in answer["Responses"].get(table, ()):
                try:
                    yield image["pk"]["S"], cls.from_raw_data(image)
                except Unreadable as error:
                    yield image["pk"]["S"], error
            if unread := answer["UnprocessedKeys"].get(table, {}).get("Keys", []):
                if tried == ATTEMPTS:
                    raise Unavailable()
                pause(tried)
                tried += 1
                left += unread


def _share(table: TableConnection) -> None:
    """Let a class use the one connection, which learns of the indexes that the class has."""
    schema = table.get_meta_table()
    table.connection = connection()
    known = table.connection._tables.setdefault(table.table_name, schema)
    for kind in (GLOBAL_SECONDARY_INDEXES, LOCAL_SECONDARY_INDEXES):
        for each in schema.data[kind]:
            if not known.has_index_name(each[INDEX_NAME]):
                known.data.setdefault(kind, []).append(each)


@cache
def required(kind: type[Item]) -> frozenset[str]:
    """The attributes without which there is no item of this class."""
    return frozenset(name for name, each in kind.get_attributes().items() if not each.null)


def check_whole(item: Item) -> None:
    """PynamoDB reads what an item lacks as None.

    Raises LookupError naming an attribute.
    """
    has, needs = item.attribute_values.keys(), required(type(item))
    if not needs <= has:
        raise LookupError(f"no {min(needs - has)}")


def from_stream(model: type[Item], image: dict[str, Any]) -> Any:
    """The item in a stream record's image, whose bytes are base64 text.

    Raises Unreadable.
    """
    item = model()
    try:
        # PynamoDB's own reading takes a text for base64 where today's attribute is binary: the
        # text of an earlier release would be unreadable.
        item.deserialize({name: _with_bytes(value) for name, value in image.items()})
        check_whole(item)
    except Exception as error:
        raise unreadable(model.Meta.table_name, image, error) from error
    return item


def _with_bytes(value: dict[str, Any]) -> dict[str, Any]:
    return {BINARY: b64decode(value[BINARY])} if BINARY in value else value


def _naming(value: Callable[..., S]) -> Callable[..., S]:
    """An item's `value` that names the item where it fails: outages and our errors pass."""

    @wraps(value)
    def named(self: Any, *args: Any) -> S:
        with naming(self):
            return value(self, *args)

    return named


@contextmanager
def naming(item: Item) -> Iterator[None]:
    """Name the item where what it holds, such as something sealed, is not what it is taken for."""
    try:
        yield
    except _NO_VALUE as error:
        keys = {"pk": {"S": item.pk}, "sk": {"S": item.sk}}
        raise unreadable(item.Meta.table_name, keys, error) from error


def unreadable(table: str, item: Mapping[str, Any], error: Exception) -> Unreadable:
    """Tell the log and the metric of a stored record that cannot be read, and name it."""
    key = " ".join(item[name]["S"] for name in ("pk", "sk") if name in item)
    # Only msgspec says what is wrong by the names of fields; others may quote what is personal.
    why = str(error) if isinstance(error, msgspec.ValidationError) else type(error).__name__
    logger().error("a record cannot be read", table=table, key=key, why=why)
    count("RecordUnreadable", stage=config().stage)
    named = FieldError(table, "unreadable", Words(key, key))
    return Unreadable(named, table=table, key=key)


def readable(items: Iterator[S]) -> Iterator[S]:
    """Those of a query's items that can be read."""
    while True:
        try:
            yield next(items)
        except StopIteration:
            return
        except Unreadable:
            continue


def each_readable(
    keys: Sequence[str], read: Callable[[Sequence[str]], dict[str, S]]
) -> dict[str, S]:
    """What `read` finds of all these; if a record cannot be read, what it finds of each of the
    others."""
    try:
        return read(keys)
    except Unreadable:
        found: dict[str, S] = {}
        for key in keys:
            with suppress(Unreadable):
                found |= read([key])
        return found
