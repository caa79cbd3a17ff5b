"""The liability as a self-contained SVG chart, for a document or a slide.

Integers only: a coordinate is a whole number of pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from chalicelib.finance.rules.liability import Liability
from chalicelib.kernel.money import grouped
from chalicelib.ledger import HOLD_NAMES, REBATE_CASH, UNIT_NAMES

_WIDTH, _HEIGHT = 960, 480
_LEFT, _RIGHT, _TOP, _BOTTOM = 96, 24, 96, 72
_STEPS = 5
_INK, _PALE, _BAR, _LOST = "#1f2933", "#d9e2ec", "#2f6fab", "#a9c9e8"


class Bar(NamedTuple):
    """A bar of `points`, of which `lost` are expected to lapse."""

    zh: str
    en: str
    points: int
    lost: int


def bars(liability: Liability) -> list[Bar]:
    """A bar for each month, then bars of points without a month; empty bars are left out."""
    standing = liability.standing
    made = [
        Bar(month, "", points, liability.breakage_of(points))
        for month, points in sorted(standing.months.items())
    ]
    rest = (
        Bar("不过期", "never lapse", standing.never, 0),
        Bar(*HOLD_NAMES["held"], standing.held, 0),
        Bar("待入账", "pending", standing.pending, 0),
        Bar("其他", "elsewhere", liability.elsewhere - standing.debt, 0),
    )
    return [*made, *(bar for bar in rest if bar.points)]


def svg(liability: Liability) -> str:
    """The chart as SVG text."""
    shown = bars(liability)
    top = _rounded_up(max((bar.points for bar in shown), default=0))
    zh, en = UNIT_NAMES[liability.unit].zh, UNIT_NAMES[liability.unit].en.lower()
    if liability.unit == REBATE_CASH:
        zh, en = f"{zh}（{liability.currency}）", f"{en} ({liability.currency})"
    title = f"待兑付{zh}（按到期月份） / Outstanding {en} by month of lapse"
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            f'width="{_WIDTH}" height="{_HEIGHT}" role="img" font-family="sans-serif" '
            f'fill="{_INK}">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
            _text(_LEFT, 36, title, size=20),
            _text(_LEFT, 62, _subtitle(liability), size=14),
            *_grid(liability, top),
            *_drawn(liability, shown, top),
            *_legend(),
            "</svg>\n",
        )
    )


def _subtitle(liability: Liability) -> str:
    said = f"{liability.day} · 合计 / total {_number(liability, liability.outstanding)}"
    lost = liability.expected_breakage
    if lost is None or liability.history is None:
        return f"{said} · 尚无过期历史 / no history of lapses yet"
    history = liability.history
    return (
        f"{said} · 预计过期 / expected to lapse {_number(liability, lost)} "
        f"({history.per_mille}‰, {history.first}–{history.last})"
    )


def _number(liability: Liability, points: int) -> str:
    """Points, or money in whole units of its currency."""
    if liability.unit == REBATE_CASH:
        return grouped(points, liability.currency)
    return f"{points:,}"


def _grid(liability: Liability, top: int) -> Iterator[str]:
    for step in range(_STEPS + 1):
        at = top * step // _STEPS
        y = _y(at, top)
        yield f'<path d="M{_LEFT} {y}H{_WIDTH - _RIGHT}" stroke="{_PALE}"/>'
        yield _text(_LEFT - 8, y + 4, _number(liability, at), size=12, anchor="end")


def _drawn(liability: Liability, shown: list[Bar], top: int) -> Iterator[str]:
    room = (_WIDTH - _LEFT - _RIGHT) // max(len(shown), 1)
    wide = max(4, min(56, room * 2 // 3))
    size = 12 if room >= 56 else 9
    floor = _y(0, top)
    for number, bar in enumerate(shown):
        middle = _LEFT + room * number + room // 2
        y, kept = _y(bar.points, top), _y(max(bar.points - bar.lost, 0), top)
        yield _box(middle - wide // 2, y, wide, floor - y, _LOST)
        yield _box(middle - wide // 2, kept, wide, floor - kept, _BAR)
        yield _text(middle, y - 6, _number(liability, bar.points), size=size, anchor="middle")
        yield _text(middle, floor + 20, bar.zh, size=size, anchor="middle")
        yield _text(middle, floor + 36, bar.en, size=size, anchor="middle")


def _legend() -> Iterator[str]:
    y = _HEIGHT - 16
    entries = ((_BAR, "预计兑付 / expected to be spent"), (_LOST, "预计过期 / expected to lapse"))
    for number, (colour, words) in enumerate(entries):
        x = _LEFT + 260 * number
        yield _box(x, y - 11, 12, 12, colour)
        yield _text(x + 18, y, words, size=12)


def _y(points: int, top: int) -> int:
    """The height of a number of points; negative numbers end on the axis."""
    tall = _HEIGHT - _TOP - _BOTTOM
    return _TOP + tall - tall * max(points, 0) // top


def _rounded_up(most: int) -> int:
    """A round end of the axis: 1, 2 or 5 and zeros, at least 1 for each step."""
    size = 1
    while True:
        for first in (1, 2, 5):
            if first * size >= max(most, _STEPS):
                return first * size
        size *= 10


def _box(x: int, y: int, width: int, height: int, colour: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{colour}"/>'


def _text(x: int, y: int, words: str, *, size: int, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}">{escape(words)}</text>'
