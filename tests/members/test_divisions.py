"""Divisions of China: each is found from its province down, by the names of addresses."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chalicelib.kernel.errors import Invalid
from chalicelib.members.rules import Address, BookAddress, in_division
from chalicelib.members.rules.divisions import Place, _names, parts_of, place_of

pytestmark = pytest.mark.pure

HOME = BookAddress(
    "王小满", "+8613800138000", "CN", "浙江省", "杭州市", "西湖区", "文三路 1 号", None, "330106"
)
PLACES = {
    "330106": Place("浙江省", "杭州市", "西湖区"),
    "330100": Place("浙江省", "杭州市", None),
    "110101": Place("北京市", "北京市", "东城区"),
    "500229": Place("重庆市", "重庆市", "城口县"),
    "419001": Place("河南省", "济源市", None),
    "441900": Place("广东省", "东莞市", None),
    "530925": Place("云南省", "临沧市", "双江拉祜族佤族布朗族傣族自治县"),
    "659001": Place("新疆维吾尔自治区", "石河子市", None),
}  # fmt: skip


@pytest.mark.parametrize("code", PLACES)
def test_a_code_has_the_names_that_addresses_write(code: str) -> None:
    assert place_of(code) == PLACES[code]


@pytest.mark.parametrize("code", ["330000", "990101", "330199", "419000", "", "33010"])
def test_a_code_of_no_place_has_no_names(code: str) -> None:
    assert place_of(code) is None


def test_every_division_is_found_from_its_province_down() -> None:
    provinces = parts_of(None)
    assert len(provinces) == 31
    found = {each.code for each in provinces}
    for province in provinces:
        for city in parts_of(province.code):
            place = place_of(city.code)
            assert place is not None
            assert (place.province, place.city) == (province.name, city.name)
            districts = parts_of(city.code)
            assert bool(districts) == city.has_parts
            for each in districts:
                assert place_of(each.code) == Place(province.name, city.name, each.name)
                assert parts_of(each.code) == []
            found |= {city.code, *(each.code for each in districts)}
    left = {name for code, name in _names().items() if code not in found}
    assert left == {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"} & left
    assert len(found) > 3_200


def test_names_of_the_code_pass_in_full_or_shortened_and_the_district_is_filled_in() -> None:
    assert in_division(HOME) == HOME
    short = msgspec.structs.replace(HOME, province="浙江", city="杭州", district=None)
    assert in_division(short) == msgspec.structs.replace(short, district="西湖区")


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"division_code": "999999"}, "division_code", "unknown_division"),
        ({"division_code": "330000"}, "division_code", "unknown_division"),
        ({"country": "SG"}, "division_code", "only_in_china"),
        ({"province": "江苏省"}, "province", "not_of_division"),
        ({"city": "宁波市"}, "city", "not_of_division"),
        ({"district": "上城区"}, "district", "not_of_division"),
    ],
)  # fmt: skip
def test_other_names_than_the_codes_are_refused_by_field(
    changed: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        in_division(msgspec.structs.replace(HOME, **changed))
    (error,) = refused.value.fields
    assert (error.field, error.code) == (field, code)
    if code == "not_of_division":
        wanted = place_of("330106")
        assert getattr(wanted, field) in error.message.zh


@pytest.mark.parametrize("district", ["西湖新区", None, "Xihu"])
def test_names_without_a_code_are_never_refused(district: str | None) -> None:
    typed = msgspec.structs.replace(HOME, division_code=None, city="杭城", district=district)
    assert in_division(typed) == typed


def test_an_order_keeps_names_alone_and_old_addresses_have_no_code() -> None:
    encoded = HOME.encode()
    assert BookAddress.decode(encoded) == HOME
    plain = Address.decode(encoded)
    assert type(plain) is Address
    assert len(plain.encode()) == len(encoded) - len("\x1f330106")
    assert BookAddress.decode(plain.encode()).division_code is None
