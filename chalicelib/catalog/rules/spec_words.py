"""Words of specs: how a name such as `colour` or a value such as `red` reads in each language.

Stock and orders keep the specs as ops named them. A name or value without a word reads as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from chalicelib.catalog.rules.matrix import axes_of
from chalicelib.catalog.rules.products import Localized, Product, Sku
from chalicelib.kernel.errors import FieldError, Words

SpecWords = Mapping[str, Localized]

# A cart reads the words of each of its products: half a read unit, beside texts of usual length.
MAX_WORDS_BYTES = 4_096
_LANGUAGES = ("zh-CN", "en")


class Look(msgspec.Struct, frozen=True):
    """How goods look in a line: the first picture, and the words of their specs."""

    picture: str | None
    spec_words: dict[str, Localized]

    def specs_in(self, specs: Mapping[str, str], language: str) -> dict[str, str]:
        return specs_in(specs, self.spec_words, language)


def word_of(raw: str, words: SpecWords, language: str) -> str:
    """How a name or value reads in a language; as it is if it has no word there."""
    word = words.get(raw)
    if word is None:
        return raw
    return (word.en if language == "en" else word.zh) or raw


def specs_in(specs: Mapping[str, str], words: SpecWords, language: str) -> dict[str, str]:
    """The specs of a SKU in a language."""
    return {
        word_of(name, words, language): word_of(value, words, language)
        for name, value in specs.items()
    }


def skus_in(product: Product, language: str) -> list[Sku]:
    """A product's SKUs with their specs in a language."""
    return [
        msgspec.structs.replace(sku, specs=specs_in(sku.specs, product.spec_words, language))
        for sku in product.skus
    ]


def kept_words(words: SpecWords, skus: Sequence[Sku]) -> dict[str, Localized]:
    """The words that say something of a name or value that some SKU has."""
    known = _raws(skus)
    return {
        raw: Localized(word.zh, word.en)
        for raw, word in words.items()
        if raw in known and (word.zh or word.en)
    }


def unknown_words(sent: Iterable[str], skus: Sequence[Sku]) -> Iterator[FieldError]:
    """Words for what no SKU has."""
    known = _raws(skus)
    for raw in sent:
        if raw not in known:
            words = Words("没有这个规格名或规格值", "is no name or value of the specs")
            yield FieldError(f"spec_words.{raw}", "unknown_spec", words)


def word_errors(product: Product) -> Iterator[FieldError]:
    """What is wrong with the words of a product's specs.

    Twins, two that read the same, could not be told apart by who chooses one.
    """
    words = product.spec_words
    if len(msgspec.json.encode(words)) > MAX_WORDS_BYTES:
        told = Words("规格译名总长度过长", f"must be at most {MAX_WORDS_BYTES} bytes of JSON")
        yield FieldError("spec_words", "too_long", told)
    axes = axes_of(product.skus)
    twins: dict[str, FieldError] = {}
    for raws in ([axis.name for axis in axes], *(axis.values for axis in axes)):
        for language in _LANGUAGES:
            twins |= {error.field: error for error in _twins(raws, words, language)}
    yield from twins.values()


def _twins(raws: Sequence[str], words: SpecWords, language: str) -> Iterator[FieldError]:
    seen: dict[str, str] = {}
    for raw in raws:
        said = word_of(raw, words, language)
        first = seen.setdefault(said, raw)
        if first != raw:
            told = Words(f"与「{first}」的译名相同：{said}", f"must not be that of {first}: {said}")
            at = raw if raw in words else first
            yield FieldError(f"spec_words.{at}.{language}", "duplicate_words", told)


def _raws(skus: Sequence[Sku]) -> set[str]:
    """Each name and value of the SKUs' specs."""
    return {raw for sku in skus for pair in sku.specs.items() for raw in pair}
