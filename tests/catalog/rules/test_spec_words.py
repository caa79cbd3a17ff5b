"""Specs read in the reader's language: by the words that ops gave, else as ops named them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.rules import spec_words
from chalicelib.catalog.rules.drafts import SkuChange, SkuDraft, SpecWord
from chalicelib.catalog.rules.matrix import axes_of
from chalicelib.catalog.rules.products import Localized, Product
from chalicelib.kernel.errors import Invalid
from tests.catalog.rules.drafting import changed, made
from tests.catalog.rules.drafting import wrong as refused

pytestmark = pytest.mark.pure

RAWS = ("色", "红", "蓝")
SKUS = [SkuDraft("R", {"色": "红"}), SkuDraft("B", {"色": "蓝"})]
WORDS = {"色": SpecWord(en="Colour"), "红": SpecWord("大红", "Red")}


def cup(**words: SpecWord) -> Product:
    return made(skus=SKUS, spec_words=words)


def shown(product: Product, language: str) -> list[dict[str, str]]:
    return [sku.specs for sku in spec_words.skus_in(product, language)]


def test_specs_read_by_their_words_and_as_they_are_where_there_is_none() -> None:
    product = cup(**WORDS)
    assert shown(product, "zh-CN") == [{"色": "大红"}, {"色": "蓝"}]
    assert shown(product, "en") == [{"Colour": "Red"}, {"Colour": "蓝"}]
    assert [sku.specs for sku in product.skus] == [{"色": "红"}, {"色": "蓝"}]
    look = spec_words.Look(None, product.spec_words)
    assert look.specs_in({"色": "红", "码": "S"}, "en") == {"Colour": "Red", "码": "S"}


def test_a_product_without_words_shows_its_specs_as_they_are() -> None:
    assert made().spec_words == {}
    assert shown(made(), "en") == [{"色": "红"}]


def test_words_that_say_nothing_are_not_kept() -> None:
    assert cup(色=SpecWord(), 红=SpecWord(en="Red")).spec_words == {"红": Localized("", "Red")}


def test_words_for_what_no_sku_has_are_refused() -> None:
    unknown = {"绿": SpecWord(en="Green"), "红": SpecWord(en="Red")}
    assert refused(made, spec_words=unknown) == [("spec_words.绿", "unknown_spec")]
    assert refused(changed, spec_words=unknown) == [("spec_words.绿", "unknown_spec")]


def test_the_words_of_a_value_that_is_gone_go_with_it() -> None:
    seen = cup(**WORDS)
    green = changed(seen, skus=[SkuChange("R", {"色": "绿"})])
    assert green.spec_words == {"色": Localized("", "Colour")}
    assert changed(seen, brand="C").spec_words == seen.spec_words
    assert changed(seen, spec_words={}).spec_words == {}


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ({"红": SpecWord(en="Red"), "蓝": SpecWord(en="Red")}, ["spec_words.蓝.en"]),
        ({"红": SpecWord("蓝")}, ["spec_words.红.zh-CN"]),
        ({"红": SpecWord("甲", "A"), "蓝": SpecWord("甲", "A")},
         ["spec_words.蓝.zh-CN", "spec_words.蓝.en"]),
    ],
)  # fmt: skip
def test_two_values_that_read_the_same_are_refused(words: Any, at: list[str]) -> None:
    twins = [(field, "duplicate_words") for field in at]
    assert refused(made, skus=SKUS, spec_words=words) == twins
    assert refused(changed, seen=cup(), spec_words=words) == twins


def test_two_names_that_read_the_same_are_refused() -> None:
    skus = [SkuDraft("A", {"色": "红", "码": "S"})]
    words = {"色": SpecWord(en="Kind"), "码": SpecWord(en="Kind")}
    with pytest.raises(Invalid) as found:
        made(skus=skus, spec_words=words)
    (twin,) = found.value.fields
    assert (twin.field, twin.code) == ("spec_words.码.en", "duplicate_words")
    assert twin.message.zh == "与「色」的译名相同：Kind"
    assert twin.message.en == "must not be that of 色: Kind"


def test_a_value_may_read_as_one_of_another_spec_does() -> None:
    skus = [SkuDraft("A", {"色": "红", "底": "朱"})]
    words = {"红": SpecWord(en="Red"), "朱": SpecWord(en="Red")}
    assert made(skus=skus, spec_words=words).spec_words.keys() == words.keys()


def test_a_new_value_that_reads_as_a_worded_one_is_refused() -> None:
    seen = cup(红=SpecWord(en="Red"))
    added = [SkuChange("N", {"色": "Red"})]
    assert refused(changed, seen=seen, skus=added) == [("spec_words.红.en", "duplicate_words")]


def test_the_words_of_all_specs_have_a_limit() -> None:
    skus = [SkuDraft(f"S{n}", {"号": f"{n:040}"}) for n in range(60)]
    words = {f"{n:040}": SpecWord(en=f"{n:040}") for n in range(60)}
    assert refused(made, skus=skus, spec_words=words) == [("spec_words", "too_long")]
    few = dict(list(words.items())[:30])
    assert len(made(skus=skus, spec_words=few).spec_words) == 30


WORD = st.builds(Localized, st.sampled_from(["", "甲", "红"]), st.sampled_from(["", "A", "红"]))


@given(st.dictionaries(st.sampled_from(RAWS), WORD))
def test_words_that_are_taken_keep_the_matrix_whole_in_each_language(
    words: dict[str, Localized],
) -> None:
    sent = {raw: SpecWord(word.zh, word.en) for raw, word in words.items()}
    try:
        product = cup(**sent)
    except Invalid:
        product = cup()
    for language in ("zh-CN", "en"):
        (axis,) = axes_of(spec_words.skus_in(product, language))
        assert len(axis.values) == 2
