"""Simple pictures of the seeded goods: an emoji on a coloured square, as SVG."""

from __future__ import annotations

from hashlib import sha256

MEDIA_TYPE = "image/svg+xml"


def picture(emoji: str, caption: str) -> bytes:
    """An SVG of 400 by 400 with a colour that its caption decides."""
    hue = int.from_bytes(sha256(caption.encode()).digest()[:2], "big") % 360
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">'
        f"<title>{caption}</title>"
        f'<rect width="400" height="400" rx="32" fill="hsl({hue} 60% 92%)"/>'
        f'<circle cx="200" cy="176" r="112" fill="hsl({hue} 60% 82%)"/>'
        f'<text x="200" y="216" font-size="112" text-anchor="middle">{emoji}</text>'
        f'<text x="200" y="352" font-size="28" text-anchor="middle" '
        f'font-family="sans-serif" fill="hsl({hue} 40% 28%)">{caption}</text></svg>'
    ).encode()
