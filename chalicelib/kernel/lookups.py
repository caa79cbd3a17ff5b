"""What people read off a label and type, as it is compared: without how it was written down."""

from __future__ import annotations

import unicodedata


def tidy(text: str) -> str:
    """Without blanks round it, full-width letters and digits as plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


def letters_of(text: str) -> str:
    """Letters and digits alone, as capitals: `sf 1234-5678` and `SF12345678` are one."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in folded if letter.isalnum())
