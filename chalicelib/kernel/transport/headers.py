"""Headers as a dict holds them. botocore's are those of a letter, or a class around each name."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, MutableMapping, ValuesView
from typing import Any


class Headers(MutableMapping[str, Any]):
    """Headers by names whose case does not matter; each has one value."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._named = dict(given)
        self._names = {name.lower(): name for name in self._named}

    def __getitem__(self, name: str) -> Any:
        return self._named[self._names[name.lower()]]

    def __setitem__(self, name: str, value: Any) -> None:
        self._named[self._names.setdefault(name.lower(), name)] = value

    def __delitem__(self, name: str) -> None:
        """Botocore deletes what may not be there, as one may of a letter."""
        found = self._names.pop(name.lower(), None)
        if found is not None:
            del self._named[found]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)

    def get(self, name: str, default: Any = None) -> Any:
        found = self._names.get(name.lower())
        return default if found is None else self._named[found]

    def keys(self) -> KeysView[str]:
        return self._named.keys()

    def values(self) -> ValuesView[Any]:
        return self._named.values()

    def items(self) -> ItemsView[str, Any]:
        return self._named.items()

    # The names of a letter's methods, which botocore and its signers call.
    raw_items = items

    def replace_header(self, name: str, value: Any) -> None:
        self[name] = value

    def add_header(self, name: str, value: Any) -> None:
        self[name] = value

    def get_all(self, name: str, default: Any = None) -> Any:
        """A header's values in a list: there is one."""
        return [self[name]] if name in self else default
