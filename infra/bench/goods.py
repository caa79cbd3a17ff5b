"""Finding goods: the index of 100,000 of them."""

from __future__ import annotations

import multiprocessing
import random
import resource
import statistics
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from infra.bench.use_cases import verdict

GOODS, ROUNDS, MOST_MS = 100_000, 20, 10.0
_NOUNS = "保温杯 电饭煲 蓝牙耳机 充电宝 雨伞 毛巾 行李箱 台灯 双肩包 咖啡机 键盘 鼠标"
_KINDS = "红色 黑色 不锈钢 便携 家用 儿童 智能 迷你 大容量 静音 户外 轻便 复古 经典"
_WORDS = "Thermos Cooker Headphones Powerbank Umbrella Towel Suitcase Lamp Backpack Coffee Keyboard"
_QUERIES: tuple[dict[str, Any], ...] = (
    {"q": "保温", "sort": "relevance"},
    {"q": "红色保温杯", "sort": "relevance"},
    {"q": "杯", "sort": "relevance"},
    {"q": "thermos", "sort": "relevance"},
    {"q": "therm 黑色", "sort": "points"},
    {"q": "bwb", "sort": "relevance"},
    {"category": "c1", "sort": "popular"},
    {"brand": "b1", "min_points": 500, "max_points": 5_000, "sort": "newest"},
    {"affordable": True, "sort": "-points"},
    {"scene": "office", "kind": "virtual", "sort": "points"},
)


class Found(NamedTuple):
    """Milliseconds of CPU of one query, with 21 goods of it, and with its counts."""

    asked: str
    p50_ms: float
    p99_ms: float
    counted_p50_ms: float


class Measured(NamedTuple):
    """The figures of one run; sizes are in MB."""

    build_s: float
    file_mb: float
    sent_mb: float
    load_ms: float
    memory_mb: float
    found: list[Found]

    @property
    def p50_ms(self) -> float:
        return statistics.median(each.p50_ms for each in self.found)


def measure(goods: int = GOODS) -> Measured:
    """Build an index, and read it in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        began = time.process_time()
        packed = Path(name).joinpath("base.z")
        size = _built(goods, packed)
        built_s = time.process_time() - began
        load_ms, memory_mb, found = _apart(_searched, packed)
        sent = packed.stat().st_size
    return Measured(built_s, size / 1e6, sent / 1e6, load_ms, memory_mb, found)


def _apart(work: Callable[..., Any], given: Any) -> Any:
    """What a process of its own finds."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (given,))


def _built(goods: int, packed: Path) -> int:
    from chalicelib.catalog.tables import segments

    path = packed.with_suffix(".sqlite")
    segments.write(path, _cards(goods), {})
    packed.write_bytes(zlib.compress(path.read_bytes()))
    return path.stat().st_size


def _cards(goods: int) -> Iterator[Any]:
    from chalicelib.catalog.rules.cards import Card

    chance = random.Random(7)  # noqa: S311 - the same goods each time
    nouns, kinds, words = _NOUNS.split(), _KINDS.split(), _WORDS.split()
    for number in range(goods):
        title = f"{chance.choice(kinds)}{chance.choice(kinds)}{chance.choice(nouns)}{number % 997}"
        points = chance.randrange(10, 100_000)
        yield Card(
            f"prd_{number:026d}".translate(str.maketrans("0189", "abcd")),
            1,
            title,
            f"{chance.choice(words)} {number % 997}",
            "virtual" if number % 10 == 0 else "physical",
            f"c{chance.randrange(200)}",
            f"b{int(chance.paretovariate(0.5)) % 2000}",
            [chance.choice(("office", "home", "gift"))],
            points,
            points // 2 if number % 5 == 0 else points,
            None,
            None,
            1_700_000_000_000 + number * 1000,
            int(chance.paretovariate(1) * 1000),
        )


def _searched(packed: Path) -> tuple[float, float, list[Found]]:
    """CPU of a load with its first query, the resident set after all, and each query."""
    from chalicelib.catalog.queries import index as index_queries
    from chalicelib.catalog.queries.finding import Finder, GoodsAsked
    from chalicelib.catalog.rules.cards import Delta, Named
    from chalicelib.catalog.rules.products import Localized
    from chalicelib.catalog.tables import segments
    from chalicelib.catalog.tables.published import open_segment

    # No tables stand behind this index: nobody sees goods before others.
    setattr(index_queries, "shown_before", timedelta)  # noqa: B010 - it is no name of the module
    folder, now = packed.parent, datetime.now(UTC)
    categories = [Named(f"c{n}", Localized(f"分类{n}", f"Kind {n}")) for n in range(200)]
    brands = [Named(f"b{n}", Localized(f"品牌{n}", f"Maker {n}")) for n in range(2000)]
    empty = folder.joinpath("empty.sqlite")
    segments.write(empty, [], {})
    body = packed.read_bytes()

    def ask(index: Any, asked: dict[str, Any], *, counts: bool) -> float:
        began = time.process_time()
        finder = Finder(index, GoodsAsked(**asked), 50_000, now)
        finder.page(None, 21)
        if counts:
            finder.facets()
        return (time.process_time() - began) * 1000

    began, delta = time.process_time(), Delta(categories=categories, brands=brands)
    index = index_queries.made(delta, open_segment(body, folder), segments.Segment(empty))
    ask(index, _QUERIES[0], counts=False)
    load_ms = (time.process_time() - began) * 1000
    del body
    found = []
    for asked in _QUERIES:
        plain = [ask(index, asked, counts=False) for _ in range(ROUNDS)]
        counted = [ask(index, asked, counts=True) for _ in range(ROUNDS)]
        said = " ".join(f"{name}={value}" for name, value in asked.items())
        found.append(Found(said, statistics.median(plain), max(plain), statistics.median(counted)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return load_ms, memory, found


def of_goods(found: Measured) -> str:
    """The figures as Markdown."""
    holds = verdict(found.p50_ms <= MOST_MS)
    rows = [
        "| query of 100,000 goods | CPU p50 | p99 | p50 with counts |",
        "|---|---|---|---|",
        *(
            f"| {each.asked} | {each.p50_ms:.1f} ms | {each.p99_ms:.1f} ms "
            f"| {each.counted_p50_ms:.1f} ms |"
            for each in found.found
        ),
    ]
    told = (
        f"Built in {found.build_s:.1f} s of CPU: {found.file_mb:.1f} MB on disk, "
        f"{found.sent_mb:.1f} MB in the bucket. A cold load with its first query takes "
        f"{found.load_ms:.0f} ms of CPU; the process has {found.memory_mb:.0f} MB at most.\n\n"
        f"The median query takes {found.p50_ms:.1f} ms, wanted {MOST_MS:.0f} (holds: {holds})."
    )
    return "\n".join(rows) + "\n\n" + told
