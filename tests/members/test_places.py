"""Real people at real places have addresses: all of China's divisions, and places abroad."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.kernel.web.requests import decode_body
from chalicelib.members.routes.addresses import AddressChange, NewAddress
from chalicelib.members.rules import Address, valid_address
from tests.api import Api, new_key, token
from tests.members.people import People
from tests.world import World

PATH = "/v1/me/addresses"
LINES = (Path(__file__).parent / "divisions.txt").read_text("utf-8").splitlines()
DIVISIONS = [name for line in LINES if not line.startswith("#") for name in line.split()]
HOME = {
    "recipient": "王小满", "phone": "13800138000", "province": "云南省", "city": "临沧市",
    "district": "双江拉祜族佤族布朗族傣族自治县", "street": "勐勐镇白象路 1 号",
    "postal_code": "677300",
}  # fmt: skip

ABROAD = [
    {"recipient": "陳大文", "phone": "+85291234567", "country": "HK", "province": "新界",
     "city": "沙田區", "district": "馬鞍山", "street": "西沙路 628 號新港城第 1 座 20 樓 A 室"},
    {"recipient": "Chan Tai Man", "phone": "+85291234567", "country": "HK",
     "province": "New Territories", "city": "Sha Tin", "street": "Flat A, 20/F, 628 Sai Sha Road"},
    {"recipient": "João Vong", "phone": "+85366123456", "country": "MO", "province": "澳門",
     "city": "花地瑪堂區", "street": "Avenida do Conselheiro Ferreira de Almeida, n.º 89"},
    {"recipient": "林怡君", "phone": "+886912345678", "country": "TW", "province": "屏東縣",
     "city": "三地門鄉", "street": "中正路二段 100 巷 5 弄 2 號 3 樓之 1", "postal_code": "901002"},
    {"recipient": "Nguyễn Thị Minh Khai", "phone": "+84912345678", "country": "VN",
     "province": "Thành phố Hồ Chí Minh", "city": "Quận 1", "district": "Phường Bến Nghé",
     "street": "22 Lê Duẩn", "postal_code": "700000"},
    {"recipient": "John Q. Public", "phone": "+14155550123", "country": "US",
     "province": "California", "city": "San Francisco",
     "street": "1 Dr Carlton B Goodlett Pl, Room 168", "postal_code": "94102-4685"},
    {"recipient": "Siân Llywelyn", "phone": "+447400123456", "country": "GB",
     "province": "Isle of Anglesey",
     "city": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
     "street": "The Station, Holyhead Road", "postal_code": "LL61 5UJ"},
    {"recipient": "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff Sr.",
     "phone": "+4915123456789", "country": "DE", "province": "Mecklenburg-Vorpommern",
     "city": "Dierhagen", "street": "Donaudampfschifffahrtsgesellschaftskapitänsweg 1a",
     "postal_code": "18347"},
    {"recipient": "山田 太郎", "phone": "+819012345678", "country": "JP", "province": "鹿児島県",
     "city": "南さつま市", "street": "加世田川畑 2648 番地 コーポ・ラ・フォンテーヌ 101 号室",
     "postal_code": "897-8501"},
    {"recipient": "김민준", "phone": "+821012345678", "country": "KR", "province": "서울특별시",
     "city": "강남구", "street": "테헤란로 152 강남파이낸스센터 20 층", "postal_code": "06236"},
    {"recipient": "สมชาย ใจดี", "phone": "+66812345678", "country": "TH",
     "province": "กรุงเทพมหานคร", "city": "เขตพระนคร", "district": "แขวงพระบรมมหาราชวัง",
     "street": "ถนนหน้าพระลาน", "postal_code": "10200"},
    {"recipient": "Aroha Ngata", "phone": "+64211234567", "country": "NZ",
     "province": "Hawke's Bay", "city":
     "Taumatawhakatangihangakoauauotamateaturipukakapikimaungahoronukupokaiwhenuakitanatahu",
     "street": "Wimbledon Road", "postal_code": "4276"},
    {"recipient": "Marie O'Brien", "phone": "+353861234567", "country": "IE", "province": "Dublin",
     "city": "Dublin 2", "street": "Government Buildings", "postal_code": "d02 x285"},
    {"recipient": "Jean Tremblay", "phone": "+16135550123", "country": "CA", "province": "Ontario",
     "city": "Ottawa", "street": "111 Wellington St", "postal_code": "K1A 0B1"},
    {"recipient": "Maria da Conceição de Albuquerque e Vasconcelos", "phone": "+351912345678",
     "country": "PT", "province": "Lisboa", "city": "Lisboa", "street": "Praça do Comércio 1",
     "postal_code": "1100-148"},
    {"recipient": "محمد بن راشد بن سعيد آل مكتوم", "phone": "+971501234567", "country": "AE",
     "province": "دبي", "city": "دبي", "street": "شارع الشيخ زايد، برج 1"},
    {"recipient": "Kim Lee", "phone": "+61412345678", "country": "AU",
     "province": "New South Wales", "city": "Woolloomooloo", "street": "Unit 3/45 Bourke Street",
     "postal_code": "2011"},
    {"recipient": "رضا احمدی", "phone": "+989121234567", "country": "IR", "province": "تهران",
     "city": "تهران", "street": "خیابان ولیعصر", "postal_code": "11369-12345"},
]  # fmt: skip
# Where there is no province, or none that anybody writes.
WITHOUT = [
    {"recipient": "Ada Byron", "phone": "+447400123456", "country": "GB", "city": "London",
     "street": "12 St James's Square", "postal_code": "SW1Y 4JH"},
    {"recipient": "Tan Wei Ming", "phone": "+6581234567", "country": "SG", "city": "Singapore",
     "street": "10 Bayfront Avenue, #05-01", "postal_code": "018956"},
    {"recipient": "陳大文", "phone": "+85291234567", "country": "HK", "city": "香港",
     "street": "軒尼詩道 1 號"},
    {"recipient": "João Vong", "phone": "+85366123456", "country": "MO", "city": "Macau",
     "street": "Avenida da Praia Grande 1"},
    {"recipient": "Marie Curie", "phone": "+33612345678", "country": "FR", "city": "Paris",
     "street": "11 rue Pierre et Marie Curie", "postal_code": "75005"},
]  # fmt: skip
PEOPLE = [
    "阿不都克里木·阿不力孜·玉素甫江", "买买提明·吐尔逊", "欧阳震华", "爱新觉罗·恒贵", "李",
    "José María Álvarez del Manzano y López del Hierro", "Sri Lanka's Ranasinghe Premadasa",
    "Venkatanarasimharajuvaripeta Ramachandra Rao", "أبو بكر محمد بن زكريا الرازي",
    "Pablo Diego José Francisco de Paula Juan Nepomuceno María de los Remedios Cipriano de la"
    " Santísima Trinidad Ruiz y Picasso",
    "Σωκράτης Παπαδόπουλος", "नरेन्द्र दामोदरदास मोदी", "𠮷野 家", "葛\U000e0100城 葛",
]  # fmt: skip


def test_every_division_of_china_is_accepted_in_an_address() -> None:
    assert len(DIVISIONS) == len(set(DIVISIONS)) > 3700
    for name in DIVISIONS:
        body = {**HOME, "province": name, "city": name, "district": name}
        read = decode_body(msgspec.json.encode(body), NewAddress)
        assert (read.province, read.city, read.district) == (name, name, name)
        change = decode_body(msgspec.json.encode({"city": name}), AddressChange)
        assert change.city == name


def test_the_table_has_the_longest_divisions_and_those_beyond_the_mainland() -> None:
    assert max(map(len, DIVISIONS)) == 15
    assert {
        "双江拉祜族佤族布朗族傣族自治县",
        "积石山保安族东乡族撒拉族自治县",
        "克孜勒苏柯尔克孜自治州",
        "新界",
        "离岛区",
        "油尖旺区",
        "嘉模堂区",
        "台北市",
        "连江县",
        "金门县",
        "三沙市",
    } <= {*DIVISIONS}


@pytest.mark.parametrize("address", [HOME, *ABROAD], ids=lambda each: each.get("country", "CN"))
def test_an_address_is_stored_as_its_owner_writes_it(
    api: Api, people: People, address: dict[str, Any]
) -> None:
    who = people.sign_in()
    answer = api.post(PATH, address, as_=who.token, key=new_key())
    assert answer.status == 201, answer.body
    wanted = {"country": "CN", "district": None, "postal_code": None, **address}
    wanted["phone"] = answer.body["phone"]
    if wanted["postal_code"]:
        wanted["postal_code"] = wanted["postal_code"].upper()
    assert {name: answer.body[name] for name in wanted} == wanted
    shown = api.get(f"{PATH}/{answer.body['id']}", as_=who.token).body
    assert shown == answer.body


@pytest.mark.parametrize("name", PEOPLE)
def test_real_names_of_any_kind_are_accepted(name: str) -> None:
    read = decode_body(msgspec.json.encode({**HOME, "recipient": name}), NewAddress)
    assert read.recipient == name


def test_an_order_holds_the_longest_address(world: World) -> None:
    longest = {
        "recipient": "สมชาย" * 25,
        "phone": "+66812345678",
        "country": "TH",
        "province": "ก" * 85,
        "city": "ข" * 85,
        "district": "ค" * 85,
        "street": "ง" * 200,
        "postal_code": "10200-12345",
    }
    member = world.member(900)
    answer = world.api.post(PATH, longest, as_=token(member), key=new_key())
    assert answer.status == 201, answer.body
    order = world.order(member, world.sku(), address_id=answer.body["id"])
    assert order.status == 201, order.body
    assert order.body["address"] == {name: answer.body[name] for name in order.body["address"]}


@pytest.mark.parametrize(
    ("field", "most"), [("recipient", 128), ("province", 85), ("city", 85), ("street", 200)]
)
def test_a_text_that_is_too_long_is_refused_with_its_limit(
    api: Api, people: People, field: str, most: int
) -> None:
    who, body = people.sign_in(), {**HOME, field: "长" * (most + 1)}
    for language, words in (
        ("zh-CN", f"最多 {most} 个字符"),
        ("en", f"must be at most {most} characters"),
    ):
        answer = api.post(
            PATH, body, as_=who.token, key=new_key(), headers={"Accept-Language": language}
        )
        assert answer.status == 400
        assert answer.body["errors"] == [{"field": field, "code": "too_long", "message": words}]
        assert not re.search("Expected|regex|`", str(answer.body))
    fits = {**HOME, field: "长" * most}
    assert api.post(PATH, fits, as_=who.token, key=new_key()).status == 201


def test_an_address_stored_by_an_earlier_release_is_read() -> None:
    kept = "王小满\x1f+8613800138000\x1fCN\x1f浙江省\x1f杭州市\x1f\x1f文三路 100 号\x1f".encode(
        "gb18030"
    )
    address = Address.decode(kept)
    assert (address.recipient, address.district, address.postal_code) == ("王小满", None, None)
    assert address.encode() == kept
    assert valid_address(address) == address


@pytest.mark.parametrize("address", WITHOUT, ids=lambda each: each["country"])
@pytest.mark.parametrize("none", [{}, {"province": None}, {"province": ""}], ids=str)
def test_an_address_abroad_needs_no_province(
    api: Api, people: People, address: dict[str, Any], none: dict[str, Any]
) -> None:
    who = people.sign_in()
    sent = {**address, **none, "district": ""}
    answer = api.post(PATH, sent, as_=who.token, key=new_key())
    assert answer.status == 201, answer.body
    wanted = {"postal_code": None, **address, "province": "", "district": None}
    assert {name: answer.body[name] for name in wanted} == wanted
    path = f"{PATH}/{answer.body['id']}"
    assert api.get(path, as_=who.token).body == answer.body
    named = api.patch(path, {"province": "X"}, as_=who.token)
    assert (named.status, named.body["province"]) == (200, "X")
    cleared = api.patch(path, {"province": None}, as_=who.token)
    assert (cleared.status, cleared.body["province"]) == (200, "")


@pytest.mark.parametrize(
    ("none", "code"),
    [({}, "required"), ({"province": None}, "required"), ({"province": " "}, "blank")],
)
def test_an_address_in_china_needs_a_province(
    api: Api, people: People, none: dict[str, Any], code: str
) -> None:
    who = people.sign_in()
    home = {name: value for name, value in HOME.items() if name != "province"}
    answer = api.post(PATH, {**home, **none}, as_=who.token, key=new_key())
    assert answer.status == 400
    assert [(e["field"], e["code"]) for e in answer.body["errors"]] == [("province", code)]


def test_an_address_that_moves_to_china_needs_a_province(api: Api, people: People) -> None:
    who = people.sign_in()
    made = api.post(PATH, WITHOUT[0], as_=who.token, key=new_key())
    moved = {"country": "CN", "phone": "13800138000", "city": "临沧市"}
    path = f"{PATH}/{made.body['id']}"
    refused = api.patch(path, moved, as_=who.token)
    assert (refused.status, refused.body["errors"][0]["field"]) == (400, "province")
    assert api.patch(path, {**moved, "province": "云南省"}, as_=who.token).status == 200


def test_an_order_keeps_an_address_without_a_province(world: World) -> None:
    member = world.member(900)
    answer = world.api.post(PATH, WITHOUT[1], as_=token(member), key=new_key())
    order = world.order(member, world.sku(), address_id=answer.body["id"])
    assert order.status == 201, order.body
    assert order.body["address"]["province"] == ""
    assert order.body["address"] == {name: answer.body[name] for name in order.body["address"]}
