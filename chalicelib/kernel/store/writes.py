"""Conditional writes: several contexts fill one `WriteSet`, which commits whole or not at all.

Each condition names the error that it protects, so a refused transaction raises that error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.attributes import Attribute
from pynamodb.constants import ALL_OLD, PUT_ITEM, UPDATE_ITEM
from pynamodb.exceptions import (
    DeleteError,
    PutError,
    PynamoDBException,
    TransactWriteError,
    UpdateError,
)
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.kernel.errors import JifenError, Moved, Unavailable
from chalicelib.kernel.outages import code_of
from chalicelib.kernel.store.pauses import ATTEMPTS, LONGEST_PAUSE_S, pause
from chalicelib.kernel.store.tables import Item, connection

T = TypeVar("T")
S = TypeVar("S", bound=Item)

_DELETED_AT_ONCE = 50
_REFUSED = "ConditionalCheckFailedException"
_TRY_AGAIN = {
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
}
_ANSWERED_TRY_AGAIN = {
    "TransactionConflictException",
    "TransactionInProgressException",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
}

Refusal = JifenError | type[JifenError]


class WriteSet:
    """Writes that happen together: at most 100, each at most once on an item."""

    def __init__(self) -> None:
        # PynamoDB sends checks, deletes, puts, updates in that order, whatever the calls' order.
        self._checks: list[tuple[Any, Refusal]] = []
        self._deletes: list[tuple[Any, Refusal]] = []
        self._puts: list[tuple[Any, Refusal]] = []
        self._updates: list[tuple[Any, Refusal]] = []

    def __len__(self) -> int:
        return sum(map(len, (self._checks, self._deletes, self._puts, self._updates)))

    def put_new(self, item: Item, *, or_raise: Refusal) -> None:
        """Put an item that must not exist yet."""
        self.put(item, condition=type(item).pk.does_not_exist(), or_raise=or_raise)

    def put(
        self, item: Item, *, condition: Condition | None = None, or_raise: Refusal = Moved
    ) -> None:
        self._puts.append(((item, condition), or_raise))

    def update(
        self,
        key: Item,
        actions: Sequence[Action],
        *,
        condition: Condition | None = None,
        or_raise: Refusal = Moved,
    ) -> None:
        """Update the item that has the keys of `key`; its other attributes are not sent."""
        self._updates.append(((key, list(actions), condition), or_raise))

    def delete(
        self, key: Item, *, condition: Condition | None = None, or_raise: Refusal = Moved
    ) -> None:
        self._deletes.append(((key, condition), or_raise))

    def check(self, key: Item, condition: Condition, *, or_raise: Refusal) -> None:
        self._checks.append(((key, condition), or_raise))

    def commit(self) -> None:
        """Write everything in one transaction.

        Raises what the first failed condition protects, Moved if it may be tried again at
        once, Unavailable if the outcome is unknown.
        """
        try:
            with TransactWrite(connection=connection()) as transaction:
                for (key, condition), _ in self._checks:
                    transaction.condition_check(type(key), key.pk, key.sk, condition=condition)
                for (key, condition), _ in self._deletes:
                    transaction.delete(key, condition=condition)
                for (item, condition), _ in self._puts:
                    transaction.save(item, condition=condition)
                for (key, actions, condition), _ in self._updates:
                    transaction.update(key, actions, condition=condition)
        except TransactWriteError as error:
            raise self._refusal(error) from error

    def _refusal(self, error: TransactWriteError) -> JifenError:
        code = code_of(error)
        if code in _ANSWERED_TRY_AGAIN:
            return Moved()
        if code != "TransactionCanceledException":
            return Unavailable()
        protected = [r for _, r in self._checks + self._deletes + self._puts + self._updates]
        refusals = []
        for reason, refusal in zip(error.cancellation_reasons, protected, strict=True):
            if reason is None:
                continue
            if reason.code == "ConditionalCheckFailed":
                refusals.append(refusal() if isinstance(refusal, type) else refusal)
            elif reason.code in _TRY_AGAIN:
                refusals.append(Moved())
            else:
                raise error
        # A refusal that will stand outweighs one that a fresh read may lift.
        return min(refusals, key=lambda refusal: isinstance(refusal, Moved))


def unmoved(attribute: Attribute[Any], seen: Any) -> Condition:
    """The condition that an attribute is as it was seen; absent where 0 or None was seen."""
    absent: Condition = attribute.does_not_exist()
    if seen is None:
        return absent
    same: Condition = attribute == seen
    return same if seen else same | absent


def put_or_find(item: Item, kind: type[S]) -> S | None:
    """Put an item that must not exist yet, alone: None, or what stands there, read as `kind`.

    One request, a write unit for each KB, whether it is written or found.

    Raises PutError, Unreadable.
    """
    sent = item.get_save_kwargs_from_instance(
        type(item).pk.does_not_exist(), return_values_on_condition_failure=ALL_OLD
    )
    try:
        connection().dispatch(PUT_ITEM, sent)
    except (BotoCoreError, ClientError) as error:
        if code_of(error) != _REFUSED:
            raise PutError(f"Failed to put item: {error}", error) from error
        found: S = kind.from_raw_data(_found_by(error))
        return found
    return None


def _found_by(refused: BaseException) -> dict[str, Any]:
    """The item that a condition found: PynamoDB's error leaves out what botocore's tells."""
    answer: Any = getattr(refused.__cause__, "response", {})
    found: dict[str, Any] = answer["Item"]
    return found


def delete_each(keys: Iterable[Item]) -> int:
    """Delete all these items, some tens a transaction; how many. Safe to repeat."""
    done, left = 0, iter(keys)
    while some := list(islice(left, _DELETED_AT_ONCE)):
        writes = WriteSet()
        for key in some:
            writes.delete(key)
        with_fresh_reads(writes.commit)
        done += len(some)
    return done


def update_alone(
    key: Item, actions: Sequence[Action], *, condition: Condition | None = None
) -> bool:
    """Update the item that has the keys of `key`, alone; whether the condition held.

    Nothing of the item comes back, unlike by PynamoDB's own `update`.

    Raises UpdateError.
    """
    sent = key.get_update_kwargs_from_instance(list(actions), condition=condition)
    try:
        connection().dispatch(UPDATE_ITEM, sent)
    except (BotoCoreError, ClientError) as error:
        if code_of(error) != _REFUSED:
            raise UpdateError(f"Failed to update item: {error}", error) from error
        return False
    return True


def was_written(write: Callable[[], object]) -> bool:
    """Whether the condition of one put, update or delete held. Any other failure is raised
    unchanged."""
    try:
        write()
    except (PutError, UpdateError, DeleteError) as error:
        if code_of(error) == _REFUSED:
            return False
        raise
    return True


def with_fresh_reads(
    attempt: Callable[[], T], *, attempts: int = ATTEMPTS, longest_s: float = LONGEST_PAUSE_S
) -> T:
    """Call `attempt` again with fresh reads while it raises Moved; its result.

    Raises what it raises, Unavailable after so many tries.
    """
    for tried in range(attempts):
        try:
            return attempt()
        except Moved:
            pause(tried, longest_s)
    raise Unavailable()


def replay_outranks_refusal(write: Callable[[], T], find: Callable[[], T | None]) -> tuple[T, bool]:
    """The record that `write` makes, or an earlier try with the same key made: (record, replayed).

    Whatever refuses the write, the record is looked for first, consistently; `find` raises
    IdempotencyKeyReused if the record has other content. A failed look-up is Unavailable.

    Raises what they raise.
    """
    try:
        return with_fresh_reads(write), False
    except (JifenError, BotoCoreError, PynamoDBException):
        found = find()
        if found is None:
            raise
        return found, True
