"""One spelling for text that people and programs send, and quotes for a person's words in ours."""

from __future__ import annotations

import re
import unicodedata

# Controls, marks that turn or tag text, letters and marks that are drawn blank.
# Source: Unicode 16, Default_Ignorable_Code_Point, Bidi_Control; U+2800 is Braille's blank.
_NEVER_SEEN = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000\U000e0080-\U000e00ff"
    "\U000e01f0-\U000e0fff"
)
_TAG, _JOINER = "\U000e0001-\U000e007f", "\u200c\u200d"
_SELECTOR = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Every character without a width of its own, as the inside of a character class.
UNSEEN = _NEVER_SEEN + _TAG + _JOINER + _SELECTOR
# Characters that turn a text's direction or break its line, likewise.
TURNS = r"\x7f-\x9f\u2028-\u202e\u2066-\u2069"
_UNSEEN = re.compile(f"[{_NEVER_SEEN}]")
# A flag of a part of a country is a black flag and a tag for each letter; no other tag is seen.
_TAGS = re.compile(
    f"(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{3,6}}\U000e007f)|[{_TAG}]"
)
_JOINERS = re.compile(f"[{_JOINER}]+")
_SELECTORS = re.compile(f"[{_SELECTOR}]+")
# As long as browsers' user agents are: each names itself near its end.
_USER_AGENT_LENGTH = 200
_SKIN = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_EMOJI_SELECTOR = "\ufe0f"
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_SPACES = re.compile(r"\s+")
_TURNS = re.compile(f"[{TURNS}]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
# Every mark that may be taken for the end, or the beginning, of a quotation of ours.
_QUOTES = str.maketrans(
    {
        **dict.fromkeys("「﹁｢⌜⸢⎡", "『"), **dict.fromkeys("」﹂｣⌟⸥⎦", "』"),
        **dict.fromkeys("“〝‟❝🙶", "‘"), **dict.fromkeys("”〞〟„⹂❞❠🙷🙸", "’"),
        **dict.fromkeys('"＂″‶‴‷⁗˝˶ʺˮ״〃', "'"),
    }
)  # fmt: skip
# Two single marks side by side look like a double one.
_SINGLES = re.compile("(['‘’‚‛′‵＇ʹʻʼʽˈ❛❜❟׳])['‘’‚‛′‵＇ʹʻʼʽˈ❛❜❟׳]+")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
# Six digits alone, or in two groups that are no part of a number in more groups, as a phone's.
_SIX_DIGITS = re.compile(
    r"(?<!\d)(?<!\d-)\d{6}(?!-?\d)|(?<!\d)(?<!\d[ -])\d{3}[ -]\d{3}(?![ -]?\d)", re.ASCII
)


def one_line(text: str) -> str:
    """The text on one line, the same to the eye: NFC, single spaces, no invisible characters.

    The joiners of an emoji, a flag or a script stay. A text without a visible character is empty.
    """
    return _seen(_SPACES.sub(" ", text)).strip()


def line(text: str) -> str:
    """`one_line`; controls and line breaks are refused, not dropped."""
    return text if _CONTROLS.search(text) else one_line(text)


def message(text: str) -> str:
    """`line`; characters that turn a text's direction are refused, too."""
    return text if _TURNS.search(text) else line(text)


def paragraphs(text: str) -> str:
    """The same as `one_line` does, line by line."""
    return "\n".join(one_line(line) for line in text.splitlines()).strip("\n")


def _seen(text: str) -> str:
    text = _TAGS.sub(lambda found: found[1] or "", _UNSEEN.sub("", text))
    text = _SELECTORS.sub(_selector, text)
    text = unicodedata.normalize("NFC", _based(_JOINERS.sub(_joiner, text)))
    return _SPACES.sub(" ", text)


def _selector(found: re.Match[str]) -> str:
    """A variation selector after what has variants: a symbol, a digit, a Chinese character."""
    before = found.string[: found.start()][-1:]
    has_variants = before and (
        unicodedata.category(before) in ("So", "Sm", "Po", "Pd", "Nd") or before >= "\u1800"
    )
    return found[0][0] if has_variants and not before.isspace() else ""


def _joiner(found: re.Match[str]) -> str:
    """A joiner between two emoji, or two letters of a script that is written with joiners."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    before = before.rstrip(_EMOJI_SELECTOR)
    if not before or not after:
        return ""
    if all(_is_emoji(letter) for letter in (before[-1], after[0])):
        return "\u200d" if "\u200d" in found[0] else ""
    is_joined = all(
        "\u0600" <= letter <= "\u18af" and unicodedata.category(letter)[0] in "LM"
        for letter in (before[-1], after[0])
    )
    return found[0][0] if is_joined else ""


def _is_emoji(letter: str) -> bool:
    return letter in _SKIN or unicodedata.category(letter) in ("So", "Sm")


def _based(text: str) -> str:
    """Without the marks that stand on no letter."""
    made: list[str] = []
    for letter in text:
        is_mark = unicodedata.category(letter)[0] == "M"
        if not (is_mark and (not made or made[-1] == " ")):
            made.append(letter)
    return "".join(made)


def pasted(text: str) -> str:
    """A number, a name or an address that was copied: full-width letters made plain, dashes
    hyphens, outer spaces gone, inner ones single. Two lines are not made one."""
    inner = text.strip()
    if _CONTROLS.search(inner):
        return text
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", _SPACES.sub(" ", inner)))
    plain = _based(_TAGS.sub("", _SELECTORS.sub("", _JOINERS.sub("", plain))))
    return _SPACES.sub(" ", _DASHES.sub("-", plain)).strip()


def unspaced(text: str) -> str:
    """`pasted`, without any space: numbers that are printed in groups."""
    return pasted(text).replace(" ", "")


def capitals(text: str) -> str:
    """`pasted`, in capitals."""
    return pasted(text).upper()


def unspaced_capitals(text: str) -> str:
    return unspaced(text).upper()


def letters_of(text: str) -> str:
    """Letters and digits alone, as capitals: `sf 1234-5678` and `SF12345678` are one."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in folded if letter.isalnum())


def postal_code(text: str) -> str:
    """`capitals`, without Japan's postal mark, with a long-vowel mark for what it is typed for."""
    return capitals(text).removeprefix("〒").replace("ー", "-").strip()


def login_code(text: str) -> str:
    """The digits of a code that was typed or copied, with spaces or with its whole message."""
    plain = pasted(_SPACES.sub(" ", text))
    digits = plain.replace(" ", "").replace("-", "")
    if digits.isdecimal():
        return digits
    found = {one.replace(" ", "").replace("-", "") for one in _SIX_DIGITS.findall(plain)}
    return found.pop() if len(found) == 1 else digits


def short_user_agent(text: str) -> str:
    """What a client says that it is, on one line, as far as it is kept."""
    return "".join(c for c in text if c.isprintable())[:_USER_AGENT_LENGTH]


def quoted(text: str, language: str) -> str:
    """A person's words in a sentence of ours, in its language's quotes, which they cannot end.

    Source: UAX 9, 2.4.2: isolates keep words that run from right to left from moving ours.
    """
    words = _SINGLES.sub(r"\1", plainly(text).translate(_QUOTES))
    return f"“{words}”" if language == "en" else f"「{words}」"


def plainly(text: str) -> str:
    """Words of others in a sentence of ours where no quotes stand: on one line, isolated."""
    words = one_line(text)
    if any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in words):
        return f"\u2068{words}\u2069"
    return words
