"""Reads of stock: the offer of a SKU to an order, and the units of all its shards.

An order reads one shard, which it chooses by its id among as many as this process last saw. Only
if that has too few units are the others looked at. A SKU that was sold out is asked for at its
head, which remembers it, so that a refusal reads one item.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from chalicelib.catalog.rules.offers import Offer
from chalicelib.catalog.rules.shards import shard_for
from chalicelib.catalog.rules.terms import Terms
from chalicelib.catalog.tables.stock import StockItem, TermsItem
from chalicelib.kernel.errors import Moved, NotFound, Words
from chalicelib.kernel.recall import Recall
from chalicelib.kernel.store.pauses import ATTEMPTS
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.texts import SKU

_SKU = re.compile(SKU)
_MAX_SKU_LENGTH = 32
_NO_SKU = Words("没有 SKU {sku}", "There is no SKU {sku}")
_KNOWN_S, _MOST_KNOWN = 5, 10_000


class _Known(NamedTuple):
    """What this process saw of a SKU with shards; a wrong memory costs a second look."""

    shards: int
    is_sold_out: bool


_known = Recall[str, _Known](_KNOWN_S, _MOST_KNOWN)
# By product and version of its terms: they never change.
_terms: dict[tuple[str, int], Terms] = {}


class _Wanted(NamedTuple):
    """A read of one shard; whether it is consistent."""

    sku: str
    quantity: int
    shard: int
    find: Callable[[], StockItem | None]
    is_certain: bool


def is_sku(text: str) -> bool:
    """Whether a text is a well-formed SKU."""
    return len(text) <= _MAX_SKU_LENGTH and _SKU.match(text) is not None


def find_offers(skus: Sequence[str], *, consistent: bool) -> dict[str, Offer]:
    """The terms of each SKU that exists and the units of all its shards, by SKU, a hundred in a
    request.

    A read unit for each shard if consistent, else half of one.
    """
    heads = _read([(sku, 0) for sku in dict.fromkeys(skus) if is_sku(sku)], consistent=consistent)
    return _totals(heads, consistent=consistent)


def want_totals(
    reads: ReadSet, skus: Sequence[str], *, consistent: bool
) -> Callable[[], dict[str, Offer]]:
    """As `find_offers`, with the first shards in a caller's `ReadSet`.

    Returns a function that gives the offers after `read`.
    """
    wanted = [
        reads.want(StockItem, *StockItem.key_of(sku, 0), consistent=consistent)
        for sku in filter(is_sku, dict.fromkeys(skus))
    ]

    def find_all() -> dict[str, Offer]:
        heads = [head for find in wanted if (head := find()) is not None]
        return _totals(heads, consistent=consistent)

    return find_all


def _totals(heads: Sequence[StockItem], *, consistent: bool) -> dict[str, Offer]:
    """Offers with the units of all shards, by the first shard of each SKU."""
    others = [
        (head.sku, shard) for head in heads if head.all_shards > 1 for shard in _others_of(head)
    ]
    left: dict[str, dict[int, int]] = {head.sku: {0: head.available} for head in heads}
    for item in _read(others, consistent=consistent):
        left[item.sku][item.shard] = item.available
    return {
        head.sku: head.offer(left=left[head.sku], available=sum(left[head.sku].values()))
        for head in heads
    }


def get_offer(sku: str) -> Offer:
    """The terms and units of a SKU, consistently.

    Raises NotFound.
    """
    offer = find_offers([sku], consistent=True).get(sku)
    if offer is None:
        raise no_such_sku(sku)
    return offer


def no_such_sku(sku: str) -> NotFound:
    return NotFound().saying(_NO_SKU).telling(sku=sku)


def want_offers(
    reads: ReadSet,
    skus: Sequence[str],
    *,
    consistent: bool,
    quantities: Mapping[str, int] | None = None,
    buyer: str = "",
) -> Callable[[], dict[str, Offer]]:
    """Offers with the units that `buyer` can have of each SKU, in a caller's `ReadSet`; one of
    each if no quantities are told.

    Returns a function that gives them after `read`; it raises Moved while the stock changes.
    """
    wanted = []
    for sku in filter(is_sku, dict.fromkeys(skus)):
        known = _known.get(sku)
        shard = 0 if known is None or known.is_sold_out else shard_for(buyer, sku, known.shards)
        is_certain = consistent or (known is not None and known.is_sold_out)
        find = reads.want(StockItem, *StockItem.key_of(sku, shard), consistent=is_certain)
        wanted.append(_Wanted(sku, (quantities or {}).get(sku, 1), shard, find, is_certain))

    def find_all() -> dict[str, Offer]:
        found = (_offer(each) for each in wanted)
        return {offer.sku: offer for offer in found if offer is not None}

    return find_all


def read_shards(head: StockItem) -> dict[int, StockItem]:
    """All shards of a SKU that are there, by number, consistently."""
    others = _read([(head.sku, shard) for shard in _others_of(head)], consistent=True)
    return {0: head} | {item.shard: item for item in others}


def find_head(sku: str) -> StockItem | None:
    """The head of a SKU, consistently; the process remembers its shards."""
    head: StockItem | None = StockItem.find(*StockItem.key_of(sku)) if is_sku(sku) else None
    if head is not None:
        _remember(head)
    return head


def find_heads(skus: Iterable[str]) -> list[StockItem]:
    """The heads of these SKUs, as `find_head` reads one: one request."""
    heads = _read([(sku, 0) for sku in skus], consistent=True)
    for head in heads:
        _remember(head)
    return heads


def get_head(sku: str) -> StockItem:
    """As `find_head`.

    Raises NotFound.
    """
    head = find_head(sku)
    if head is None:
        raise no_such_sku(sku)
    return head


def remember_empty(offer: Offer) -> None:
    """Let this process ask the head first for a SKU that was sold out."""
    _known.keep(offer.sku, _Known(offer.shards, True))


def _offer(wanted: _Wanted) -> Offer | None:
    """The offer of the shard that was read, or of all of them if it has too few units."""
    item = wanted.find()
    if wanted.shard == 0 and item is not None:
        _remember(item)
    if item is not None and item.available >= wanted.quantity:
        offer = _with_terms(item, item.offer(left={item.shard: item.available}))
        if offer is not None:
            return offer
    elif wanted.shard == 0:
        if item is None:
            return None
        if item.all_shards == 1 or (item.is_sold_out and wanted.is_certain):
            alone = item.offer(left={0: item.available}, is_certain=wanted.is_certain)
            if (offer := _with_terms(item, alone)) is not None:
                return offer
    return _offer_of_all(wanted)


def _offer_of_all(wanted: _Wanted) -> Offer | None:
    """The offer of a SKU by its head and, if need be, its other shards.

    Units come to a shard only with the head's epoch: if that stays, few are few.

    Raises Moved.
    """
    for _ in range(ATTEMPTS):
        head = find_head(wanted.sku)
        if head is None:
            return None
        if head.available >= wanted.quantity or head.all_shards == 1 or head.is_sold_out:
            told = head.offer(left={0: head.available}, is_certain=True)
            return _required(head, told)
        shards = read_shards(head)
        available = sum(item.available for item in shards.values())
        # Those whose terms are behind, after a crash, are completed before they are sold.
        left = {
            shard: shards[shard].available
            for shard in dict.fromkeys((wanted.shard, *shards))
            if shard in shards and shards[shard].terms_version == head.terms_version
        }
        told = head.offer(left=left, available=available, is_certain=True)
        if available >= wanted.quantity:
            return _required(head, told)
        if available == 0:
            return _required(head, replace(told, empty_in=head.epoch or 0))
        again = find_head(wanted.sku)
        if again is not None and again.epoch == head.epoch:
            return _required(head, told)
    raise Moved()


def _required(item: StockItem, offer: Offer) -> Offer:
    """Raises Moved if the rare terms have another version."""
    told = _with_terms(item, offer)
    if told is None:
        raise Moved()
    return told


def _with_terms(item: StockItem, offer: Offer) -> Offer | None:
    """The offer with its rare terms; None if they have another version than the item."""
    if not offer.has_rare_terms:
        return offer
    key = (offer.product_id, offer.terms_version)
    if key not in _terms:
        stored = TermsItem.key(offer.product_id)
        found: TermsItem | None = TermsItem.find(stored.pk, stored.sk)
        if found is None or found.terms_version != item.terms_version:
            return None
        if len(_terms) >= _MOST_KNOWN:
            _terms.clear()
        _terms[key] = found.terms
    return replace(offer, rare_terms=_terms[key])


def _remember(head: StockItem) -> None:
    if head.all_shards == 1:
        _known.drop(head.sku)
    else:
        _known.keep(head.sku, _Known(head.shards or 1, head.is_sold_out))


def _others_of(head: StockItem) -> range:
    return range(1, head.all_shards)


def _read(keys: Iterable[tuple[str, int]], *, consistent: bool) -> list[StockItem]:
    """The items of these SKUs and shards that are there."""
    wanted = [StockItem.key_of(sku, shard) for sku, shard in keys]
    if len(wanted) == 1:
        found = StockItem.find(*wanted[0], consistent=consistent)
        return [] if found is None else [found]
    return list(StockItem.batch_get(wanted, consistent_read=consistent))
