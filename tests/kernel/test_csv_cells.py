"""CSV for spreadsheets: cells are read back unchanged, and none is a formula."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.csv_cells import csv_text, safe
from chalicelib.kernel.money import grouped, major
from chalicelib.kernel.spelling import one_line
from tests.kernel.odd_characters import UNSEEN

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "text",
    ["=1", "+1a", "-x", "@x", "\tx", "\rx", "\nx", "＝1", " =1", "\u200b=1", "\ufeff\u00a0@x"],
)
def test_a_cell_that_would_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe(text) == f"'{text}"


# Marks that stand on no letter are seen elsewhere.
UNSEEN_ALONE = [
    each
    for each in [*UNSEEN, "\u180e", "\u180b", "\U000e0041"]
    if not set(each) & {"\u0301", "\u20e3"}
]


@pytest.mark.parametrize("unseen", UNSEEN_ALONE)
def test_no_unseen_character_hides_a_formula(unseen: str) -> None:
    assert safe(f"{unseen}=1+1") == f"'{unseen}=1+1"
    assert safe(f"a;{unseen}=1+1") == f"a;{unseen}'=1+1"


@given(st.characters(), st.sampled_from("=+-@"))
def test_a_dropped_character_hides_no_formula(letter: str, begins: str) -> None:
    if one_line(f"x{letter}x") in ("xx", "x x") and letter != ";":
        assert safe(f"{letter}{begins}1;").startswith("'")


@pytest.mark.parametrize("text", ["", "a=1", "-19.90", "-5", "order:ord_1", "保温杯"])
def test_other_text_and_plain_numbers_stay_as_they_are(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    ("text", "is_safe"),
    [
        ("a;=1+1", "a;'=1+1"), (";@x", ";'@x"), ("a\t-x;+y", "a\t'-x;'+y"), ("a\n＝1", "a\n'＝1"),
        ("a; =1", "a; '=1"), ('a;"=1"', "a;\"'=1\""), ("=1;=2", "'=1;'=2"),
        ("a;\u200b=1", "a;\u200b'=1"), ("a;b;1=1", "a;b;1=1"),
    ],
)  # fmt: skip
def test_a_cell_split_at_another_separator_holds_no_formula(text: str, is_safe: str) -> None:
    assert safe(text) == is_safe


@given(st.text(alphabet='=+-@;\t\r\n" a1'))
def test_no_part_of_a_cell_begins_a_formula(text: str) -> None:
    for part in re.split("[;\t\r\n]", safe(text))[1:]:
        assert not part.lstrip(' "').startswith(("=", "+", "-", "@"))


def test_a_file_has_a_byte_order_mark_and_crlf_line_ends() -> None:
    text = csv_text(("a", "b"), [(1, "=x"), ('say "hi"', "1,2")])
    assert text == '\ufeffa,b\r\n1,\'=x\r\n"say ""hi""","1,2"\r\n'


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_written_cells_are_read_back_unchanged(rows: list[tuple[str, str]]) -> None:
    rows = [(a.replace("\0", ""), b.replace("\0", "")) for a, b in rows]
    text = csv_text(("a", "b"), rows).removeprefix("\ufeff")
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert read == [[safe(a), safe(b)] for a, b in rows]


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1990, "CNY", "19.90"), (-5, "CNY", "-0.05"), (0, "USD", "0.00"), (1990, "JPY", "1990"),
        (-7, "KRW", "-7"), (1990, "KWD", "1.990"), (-100, "CNY", "-1.00"),
    ],
)  # fmt: skip
def test_minor_units_are_written_by_the_digits_of_their_currency(
    amount: int, currency: str, text: str
) -> None:
    assert major(amount, currency) == text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(0, "CNY", "0.00"), (198_000, "CNY", "1,980.00"), (-123_456_789, "CNY", "-1,234,567.89"),
     (1_980, "JPY", "1,980"), (-5, "CNY", "-0.05"), (1_234_567, "KWD", "1,234.567")],
)  # fmt: skip
def test_an_amount_for_people_has_separated_thousands(
    amount: int, currency: str, text: str
) -> None:
    assert grouped(amount, currency) == text
