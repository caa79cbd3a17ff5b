"""China's administrative divisions: codes of six digits, their names, and what lies below each.

A process reads them when an address names a code or a list is asked for, and never before.

Source: GB/T 2260; `divisions.txt` names where its lines are from.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

# A municipality's and a province's own counties stand below a code that no address names.
_OF_MUNICIPALITY = ("市辖区", "县")
_OF_PROVINCE = ("省直辖县级行政区划", "自治区直辖县级行政区划")


class Division(NamedTuple):
    """A division; `has_parts` unless its addresses go no further."""

    code: str
    name: str
    has_parts: bool


class Place(NamedTuple):
    """The names that an address in a division has; `district` is None where it has none."""

    province: str
    city: str
    district: str | None


def place_of(code: str) -> Place | None:
    """The names of a city or of a county-level division; None if there is no such one."""
    name, province, city = (_names().get(each) for each in (code, _province(code), _city(code)))
    if name is None or province is None or city is None or code.endswith("0000"):
        return None
    if code.endswith("00"):
        return None if city in _OF_PROVINCE else Place(province, _shown(city, province), None)
    if city in _OF_PROVINCE:
        return Place(province, name, None)
    return Place(province, _shown(city, province), name)


def parts_of(code: str | None) -> list[Division]:
    """The provinces; the cities of a province; the districts and counties of a city."""
    if code is None:
        return [Division(each, _names()[each], True) for each in _names() if _is_province(each)]
    if code not in _names():
        return []
    if _is_province(code):
        return list(_cities_of(code))
    if code.endswith("00"):
        return [Division(each, _names()[each], False) for each in _below_city(code)]
    return []


def _cities_of(province: str) -> list[Division]:
    found: list[Division] = []
    for code in (each for each in _names() if _is_city(each) and _province(each) == province):
        name = _names()[code]
        if name in _OF_PROVINCE:
            found += [Division(each, _names()[each], False) for each in _counties(code)]
        elif name not in _OF_MUNICIPALITY:
            found.append(Division(code, name, bool(_counties(code))))
        elif not found:
            found.append(Division(code, _names()[province], True))
    return found


def _below_city(code: str) -> list[str]:
    if _names()[code] not in _OF_MUNICIPALITY:
        return _counties(code)
    return [each for each in _names() if _province(each) == _province(code) and each[4:] != "00"]


def _counties(city: str) -> list[str]:
    return [each for each in _names() if _city(each) == city and each != city]


def _shown(city: str, province: str) -> str:
    return province if city in _OF_MUNICIPALITY else city


def _is_province(code: str) -> bool:
    return code.endswith("0000")


def _is_city(code: str) -> bool:
    return code.endswith("00") and not _is_province(code)


def _province(code: str) -> str:
    return f"{code[:2]}0000"


def _city(code: str) -> str:
    return f"{code[:4]}00"


@cache
def _names() -> dict[str, str]:
    lines = Path(__file__).with_name("divisions.txt").read_text("utf-8").splitlines()
    found = {}
    for line in lines:
        code, _, name = line.partition(" ")
        if code != "#":
            found[code] = name
    return found
