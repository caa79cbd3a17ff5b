"""Invisible and combined characters, and those that look like our quotation marks."""

from __future__ import annotations

import re
import sys
import unicodedata

from hypothesis import strategies as st

# Each is one to the eye and several code points.
WHOLE = [
    "👨‍👩‍👧‍👦", "👩🏽‍🚀", "🏳️‍🌈", "❤️‍🔥", "🧑🏿‍⚕️", "🏴‍☠️", "🙂‍↔️", "🇨🇳", "🇬🇧", "👍🏽", "1️⃣", "#️⃣",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "é", "ệ", "葛\U000e0100",
    "한국어", "ภาษาไทย", "نامه\u200cای", "क्\u200dष", "பொ", "ශ්\u200dරී", "שָׁלוֹם", "𠮷",
]  # fmt: skip


UNSEEN = [
    "", " ", "\u3000\u00a0\u2003", "\u200b", "\u2060\u200b\ufeff", "\u3164", "\u2800\u2800",
    "\uffa0", "\u115f\u1160", "\u200d", "\u200c\u200d", "\ufe0f", "\u0301", "\u20e3",
    "\u00ad", "\u202e", "\u2066\u2069", "\U000e0041\U000e0042", "\U000e0100", "\u034f",
    "\x85", "\u2028", " \u0301 \ufe0f ",
]  # fmt: skip


NASTY = st.text(
    st.sampled_from(
        [*"ab 1小满「」『』“”‘’\"'﹂｣„‟〞＂", *"".join(UNSEEN), *"".join(WHOLE), "\n", "\0"]
    )
    | st.characters()
)


def double_marks() -> set[str]:
    """Every character of Unicode that looks like a double quotation mark or a corner bracket."""
    drawn = re.compile(
        "(?!COMBINING|.*(ANGLE|WITH|NEWA|WHITE|SINGLE|ARROW|TICK))"
        ".*((DOUBLE|TRIPLE|QUADRUPLE) (PRIME|APOSTROPHE|COMMA)|QUOTATION MARK|DITTO MARK"
        "|PUNCTUATION GERSHAYIM|DOUBLE ACUTE ACCENT|CORNER BRACKET"
        "|TOP LEFT (CORNER|HALF)|BOTTOM RIGHT (CORNER|HALF))"
    )
    every = map(chr, range(sys.maxunicode + 1))
    return {one for one in every if drawn.match(unicodedata.name(one, ""))} | set("ʺˮ")


DOUBLE = double_marks()
