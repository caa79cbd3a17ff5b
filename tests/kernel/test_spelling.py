"""Tidy texts: no invisible characters, no split characters, no losses."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.kernel import spelling
from chalicelib.kernel.spelling import login_code, one_line, paragraphs, pasted, plainly, quoted
from tests.kernel.odd_characters import DOUBLE, NASTY, UNSEEN, WHOLE

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("text", WHOLE)
def test_combined_characters_stay_whole(text: str) -> None:
    for around in ("{}", "小满{}", "{}a", "a {} b", "{0}{0}"):
        told = unicodedata.normalize("NFC", around.format(text))
        assert one_line(told) == told


@pytest.mark.parametrize("text", UNSEEN)
def test_invisible_characters_are_removed(text: str) -> None:
    assert one_line(text) == pasted(text) == paragraphs(text) == ""
    assert one_line(f"小{text}满").replace(" ", "") in ("小满", *(f"小{m}满" for m in text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  小　满\u00a0 x ", "小 满 x"), ("a\nb\r\nc", "a b c"), ("e\u0301", "é"),
        ("李\u202e雷", "李雷"), ("小\u200d满", "小满"), ("a\ufe0fb", "ab"),
        ("👩\u200d\u200d🚀", "👩‍🚀"),
        ("👩\u200d", "👩"), ("\u200d👩", "👩"), ("a\U000e0067b", "ab"), ("e\u200b\u0301", "é"),
    ],
)  # fmt: skip
def test_a_line_keeps_visible_characters(text: str, shown: str) -> None:
    assert one_line(text) == shown


@given(NASTY)
def test_tidying_twice_changes_nothing(text: str) -> None:
    for spell in (
        one_line,
        paragraphs,
        pasted,
        spelling.line,
        spelling.message,
        spelling.unspaced,
        spelling.capitals,
        spelling.unspaced_capitals,
        login_code,
        plainly,
    ):
        assert spell(spell(text)) == spell(text)


def test_texts_of_several_lines_keep_their_lines() -> None:
    assert paragraphs("\n a \r\n\u200bb\u2028c\n\n") == "a\nb\nc"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("482913", "482913"), (" 482 913 ", "482913"), ("482-913", "482913"),
        ("４８２９１３", "482913"),
        ("4\u200b8 2–9—1－3\n", "482913"), ("4 8 2 9 1 3", "482913"), ("验证码：482913", "482913"),
        ("【积分商城】您的验证码是 482913，10 分钟内有效，请勿告诉他人。", "482913"),
        ("482 913 is your Jifen code. It is good for 10 minutes. Never share it.", "482913"),
        ("000000", "000000"), ("１２3-456", "123456"),
        ("【积分商城】验证码 482913，10 分钟内有效。客服 400-820-8820", "482913"),
        ("您的验证码：482 913。客服电话 400 820 8820", "482913"),
        ("Your code is 482-913. Call 400-820-8820 or +86-21-610-012-34.", "482913"),
        ("验证码——482913", "482913"), ("482913 – Jifen", "482913"),
    ],
)  # fmt: skip
def test_a_login_code_is_found_in_pasted_text(text: str, code: str) -> None:
    assert login_code(text) == code


@pytest.mark.parametrize(
    "text",
    ["", "abc", "48291", "4829134", "482913 or 482914", "四八二九一三", "客服 400-820-8820",
     "400 820 8820", "021-610012-34"],
)  # fmt: skip
def test_a_text_without_one_clear_code_has_none(text: str) -> None:
    assert not (login_code(text).isdecimal() and len(login_code(text)) == 6)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ａ＠ｂ．ＣＯＭ ", "a@b.COM"), ("\ufeffSF１２３\u200b", "SF123"),
        ("a\u3000 b\n", "a b"), ("a\nb", "a\nb"), ("1－2−3", "1-2-3"),
        ("\u2066x\u2069\n", "x"),
    ],
)  # fmt: skip
def test_pasted_text_becomes_plain(text: str, plain: str) -> None:
    assert pasted(text) == plain


@given(NASTY | st.text(st.sampled_from([*sorted(DOUBLE), *"'‘’′＇ʼ x"])))
@example("x❞ Your account is frozen")
@example("x’’ Your account is frozen")
@example("x”” Your account is frozen")
def test_a_quoted_text_cannot_end_its_quotes(text: str) -> None:
    for language, begin, end in (("zh-CN", "「", "」"), ("en", "“", "”")):
        told = quoted(text, language)
        assert (told[0], told[-1]) == (begin, end)
        assert not set(told[1:-1]) & DOUBLE
        assert not re.search("['‘’′＇ʼ]{2}", told)
        assert not any(letter in "\n\r\u2028\u2029\u202e\u202d\u2067" for letter in told)


def test_all_double_quotation_marks_are_known() -> None:
    assert set('"“”„‟〝〞〟″‴‶＂❝❞❠ʺˮ˝״〃「」﹁﹂｢｣⌜⌟') <= DOUBLE
    assert quoted("x❞ ˮ y", "en") == "“x’ ' y”"
    assert quoted("O'Neil ’n’ Co", "en") == "“O'Neil ’n’ Co”"


def test_text_from_right_to_left_does_not_reorder_ours() -> None:
    assert quoted("שלום", "en") == "“\u2068שלום\u2069”"
    assert quoted("שלום\u202e", "zh-CN") == "「\u2068שלום\u2069」"
    assert quoted("\u2069x\u2068", "en") == "“x”"
