"""Writes of lotteries by ops, each with its record in the audit; and their end by the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from msgspec.structs import replace

from chalicelib import audit, catalog, coupons
from chalicelib.audit import Act
from chalicelib.campaigns.actions.prizes import sweep_prizes
from chalicelib.campaigns.actions.seeds import new_seed
from chalicelib.campaigns.queries import lotteries as queries
from chalicelib.campaigns.rules.draws import END, Draw, commitment_of
from chalicelib.campaigns.rules.lotteries import (
    CODE,
    DRAFT,
    ENDED,
    GOODS,
    PUBLISHED,
    Lottery,
    Prize,
    Status,
    check_lottery,
)
from chalicelib.campaigns.tables.lotteries import DrawItem, LotteryItem
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import (
    FieldError,
    IdempotencyKeyReused,
    Invalid,
    Moved,
    NotAllowedInThisState,
    Stale,
    Words,
)
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads
from chalicelib.kernel.sweeps import each, raise_failed

T = TypeVar("T")
STATE_NAMES = {
    DRAFT: Words("草稿", "a draft"),
    PUBLISHED: Words("已发布", "published"),
    ENDED: Words("已结束", "ended"),
}


def create_lottery(draft: Lottery, content: bytes, act: Act) -> tuple[Lottery, bool]:
    """Create a lottery as a draft, with the id that its key gives: (lottery, replayed).

    Raises Invalid, IdempotencyKeyReused.
    """

    def write() -> Lottery:
        check_lottery(draft)
        writes = WriteSet()
        writes.put_new(LotteryItem.of(draft, content), or_raise=IdempotencyKeyReused)
        audit.record_change(writes, act, None, draft)
        writes.commit()
        return draft

    def find() -> Lottery | None:
        found = replay_of(LotteryItem.find(*LotteryItem.key(draft.id)), content)
        return found.value() if found else None

    return replay_outranks_refusal(write, find)


def change_lottery(lottery_id: str, changes: dict[str, Any], version: int, act: Act) -> Lottery:
    """Change some fields of a draft: what is published stays as its members saw it.

    Raises NotFound, Stale, Invalid, NotAllowedInThisState.
    """

    def write() -> Lottery:
        item = _seen(lottery_id, version, DRAFT)
        seen: Lottery = item.value()
        after: Lottery = replace(seen, **changes, version=seen.version + 1)
        check_lottery(after)
        writes = WriteSet()
        _put(writes, item, after)
        audit.record_change(writes, act, seen, after)
        writes.commit()
        return after

    return with_fresh_reads(write)


def publish_lottery(lottery_id: str, version: int, act: Act, now: datetime) -> Lottery:
    """Publish a lottery with the hash of a new seed; the codes that it may give are set aside.

    Raises NotFound, Stale, Invalid, NotAllowedInThisState, OutOfStock.
    """

    def write() -> Lottery:
        item = _seen(lottery_id, version, DRAFT)
        seen: Lottery = item.value()
        check_lottery(seen)
        _check_begins(seen, now)
        _check_coupons(seen, now)
        seed, sealed = new_seed(seen.id)
        after = _next(seen, PUBLISHED, published_at_ms=to_ms(now), commitment=commitment_of(seed))
        writes = WriteSet()
        for prize in _with_codes(seen):
            because = catalog.Because("lottery", seen.id)
            title = Words(prize.title.zh, prize.title.en)
            catalog.take(writes, _sku(prize), title, prize.stock or 0, because)
        _put(writes, item, after, sealed)
        audit.record_change(writes, act, seen, after)
        writes.commit()
        return after

    return _done(write)


def end_lottery(lottery_id: str, version: int, act: Act, now: datetime) -> Lottery:
    """End a lottery before its time: nobody draws any more, and its proof is there.

    Raises NotFound, Stale, NotAllowedInThisState.
    """

    def write() -> Lottery:
        item = _seen(lottery_id, version, PUBLISHED)
        writes = WriteSet()
        after = _end(writes, item, now)
        audit.record_change(writes, act, item.value(), after)
        writes.commit()
        return after

    return _done(write)


def sweep_lotteries(now: datetime) -> int:
    """End the lotteries whose time is over, and give the prizes that wait; how many of both.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    failed: list[Exception] = []

    def close(lottery_id: str) -> bool:
        def write() -> bool:
            item = queries.find_item(lottery_id)
            if item.value().status != PUBLISHED:
                return False
            writes = WriteSet()
            _end(writes, item, now)
            writes.commit()
            return True

        return _done(write)

    done = each(queries.due_lotteries(to_ms(now) // 1000), close, failed)
    try:
        done += sweep_prizes(now)
    except ExceptionGroup as error:
        failed += error.exceptions
    raise_failed("lotteries were not settled", failed)
    return done


def _end(writes: WriteSet, item: LotteryItem, now: datetime) -> Lottery:
    """Add the end: the record after the last draw, under the number of the next one. Codes that
    nobody has won are for sale again."""
    seen: Lottery = item.value()
    head = queries.head_of(seen)
    if head.has_ended:
        raise Moved()
    end = Draw(
        lottery_id=seen.id,
        number=head.number + 1,
        id=END,
        result=END,
        left=head.left,
        taken=head.taken,
        at_ms=to_ms(now),
    )
    writes.put_new(DrawItem.of(end), or_raise=Moved)
    for at, prize in enumerate(seen.prizes, 1):
        if prize.kind == CODE and head.left[at]:
            because = catalog.Because("lottery_over", seen.id)
            catalog.release(writes, _sku(prize), head.left[at], because)
    after = _next(seen, ENDED, ended_at_ms=to_ms(now), drawn=head.number)
    _put(writes, item, after, item.sealed_seed)
    return after


def _with_codes(lottery: Lottery) -> list[Prize]:
    """Raises Invalid if two prizes have codes of one SKU: a transaction writes its stock once."""
    found = [prize for prize in lottery.prizes if prize.kind == CODE]
    if len({prize.sku for prize in found}) < len(found):
        words = Words("同一 SKU 的卡券只能设一项奖品", "have codes of one SKU twice")
        raise Invalid(FieldError("prizes", "duplicate", words))
    return found


def _check_coupons(lottery: Lottery, now: datetime) -> None:
    """Raises Invalid if a prize is a coupon that could not be given as often as it may be won."""
    wrong = []
    for at, prize in enumerate(lottery.prizes):
        if prize.template_id is not None:
            template = coupons.find_template(prize.template_id)
            most = min(prize.stock or 0, lottery.limits.total)
            if template is None or not template.is_offered(to_ms(now)):
                words = Words("券模板不存在或未发布", "is no template that gives coupons now")
            elif (template.terms.kind == coupons.GIFT) != (prize.kind == GOODS):
                words = Words(
                    "实物奖品须为兑换券，其余不可", "must be a gift for goods, and no gift else"
                )
            elif (template.per_member or most) < most or (template.total or most) < most:
                words = Words("券模板的数量少于奖品", "gives fewer coupons than can be won")
            else:
                continue
            wrong.append(FieldError(f"prizes[{at}].template_id", "cannot_be_given", words))
    if wrong:
        raise Invalid(*wrong)


def _sku(prize: Prize) -> str:
    assert prize.sku is not None, "a prize of codes has a SKU"
    return prize.sku


def _check_begins(lottery: Lottery, now: datetime) -> None:
    """Raises Invalid if it would be over at once."""
    if lottery.until_ms <= to_ms(now):
        words = Words("须晚于现在", "must be in the future")
        raise Invalid(FieldError("valid.until", "in_the_past", words))


def _done(write: Callable[[], T]) -> T:
    made = with_fresh_reads(write)
    queries.forget_lotteries()
    return made


def _seen(lottery_id: str, version: int, status: Status) -> LotteryItem:
    """Raises NotFound, Stale, NotAllowedInThisState."""
    item = queries.find_item(lottery_id)
    lottery = item.value()
    if lottery.version != version:
        raise Stale()
    if lottery.status != status:
        words = STATE_NAMES[lottery.status]
        raise NotAllowedInThisState(status=lottery.status).telling(state=words)
    return item


def _next(seen: Lottery, status: Status, **changes: Any) -> Lottery:
    return replace(seen, status=status, version=seen.version + 1, **changes)


def _put(
    writes: WriteSet, seen: LotteryItem, after: Lottery, sealed_seed: bytes | None = None
) -> None:
    made = LotteryItem.of(after, seen.content, sealed_seed)
    writes.put(made, condition=LotteryItem.version == seen.version, or_raise=Stale)
