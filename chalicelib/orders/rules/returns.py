"""Returns: their states, the acts between them, and what each state waits for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from chalicelib.kernel.errors import FieldError, Invalid, NotAllowedInThisState, Words
from chalicelib.orders.rules.cash import Refund
from chalicelib.orders.rules.orders import OrderAct, Parcel, Step

RETURN, EXCHANGE, REFUND_ONLY = "return", "exchange", "refund_only"
KINDS = {
    RETURN: Words("退货退款", "Return for a refund"),
    EXCHANGE: Words("换货", "Exchange"),
    REFUND_ONLY: Words("仅退款", "Refund without a return"),
}
REQUESTED, APPROVED, REJECTED, SENT = "requested", "approved", "rejected", "sent"
RECEIVED, CLOSED, WITHDRAWN = "received", "closed", "withdrawn"
STATUS_WORDS = {
    REQUESTED: Words("待审核", "Waiting for a decision"),
    APPROVED: Words("待寄回", "To be sent back"),
    REJECTED: Words("未通过", "Declined"),
    SENT: Words("已寄回", "Sent back"),
    RECEIVED: Words("已收货", "Received"),
    CLOSED: Words("已完成", "Done"),
    WITHDRAWN: Words("已撤销", "Withdrawn"),
}

# (act, kind or None for any, state before) -> state after
NEXT = {
    ("approve", RETURN, REQUESTED): APPROVED,
    ("approve", EXCHANGE, REQUESTED): APPROVED,
    ("approve", REFUND_ONLY, REQUESTED): CLOSED,
    ("reject", None, REQUESTED): REJECTED,
    ("withdraw", None, REQUESTED): WITHDRAWN,
    ("withdraw", None, APPROVED): WITHDRAWN,
    ("send", None, APPROVED): SENT,
    ("send", None, SENT): SENT,
    ("receive", None, APPROVED): RECEIVED,
    ("receive", None, SENT): RECEIVED,
    ("receive", None, RECEIVED): RECEIVED,
    ("reject", None, SENT): REJECTED,
    ("ship", EXCHANGE, RECEIVED): CLOSED,
    ("close", None, SENT): CLOSED,
    ("close", None, RECEIVED): CLOSED,
}
STATUSES = tuple(STATUS_WORDS)
# What happens when the time of a state is over; the other states are final.
OVERDUE = {REQUESTED: "approve", APPROVED: "withdraw", SENT: "close", RECEIVED: "close"}
OPEN = tuple(OVERDUE)
# In these the replacement of an exchange is reserved.
_RESERVING = (APPROVED, SENT, RECEIVED)


class ReturnLine(msgspec.Struct, frozen=True, array_like=True):
    """Units of one SKU to return. `received` came back, `restocked` of those are on sale again."""

    sku: str
    product_id: str
    title_zh: str
    title_en: str
    quantity: int
    received: int = 0
    restocked: int = 0

    @property
    def title(self) -> Words:
        return Words(self.title_zh, self.title_en)

    @property
    def missing(self) -> int:
        return self.quantity - self.received


class Days(msgspec.Struct, frozen=True):
    """Days that a return may stay in each open state."""

    requested: int
    approved: int
    sent: int
    received: int


class Return(msgspec.Struct, frozen=True):
    """A return of units of an order. `due_at_ms` is the end of its state's time.

    `parcel` brings the goods back, `replacement` brings new ones. `instructions` tell the member
    where to send the goods. `points` and `cash` (minor units) went back by its `refunds`.
    """

    id: str
    order_id: str
    member_id: str
    kind: str
    status: str
    version: int
    lines: tuple[ReturnLine, ...]
    reason: str
    created_at_ms: int
    content: bytes
    steps: tuple[Step, ...] = ()
    due_at_ms: int | None = None
    pictures: tuple[str, ...] = ()
    instructions: str | None = None
    parcel: Parcel | None = None
    replacement: Parcel | None = None
    points: int = 0
    cash: int = 0
    currency: str | None = None
    refunds: tuple[str, ...] = ()

    @property
    def quantities(self) -> dict[str, int]:
        return {line.sku: line.quantity for line in self.lines}

    @property
    def received(self) -> dict[str, int]:
        return {line.sku: line.received for line in self.lines if line.received}

    @property
    def is_complete(self) -> bool:
        """Whether all its units came."""
        return not any(line.missing for line in self.lines)

    @property
    def comes_back(self) -> bool:
        """Whether the goods are sent back."""
        return self.kind != REFUND_ONLY

    @property
    def carrier(self) -> str | None:
        """The carrier of the replacement."""
        return self.replacement.carrier if self.replacement else None

    @property
    def tracking_number(self) -> str | None:
        return self.replacement.tracking_number if self.replacement else None

    def with_refund(self, made: Refund) -> Return:
        """The same with one more refund. One of an unpaid order gives no cash back."""
        points = self.points + made.points
        cash = self.cash + (0 if made.lowers else made.cash)
        return replace(self, points=points, cash=cash, refunds=(*self.refunds, made.id))

    @property
    def ended_at_ms(self) -> int:
        return self.steps[-1].at_ms


def next_status(made: Return, act: str) -> str:
    """The state after an act.

    Raises NotAllowedInThisState.
    """
    for kind in (made.kind, None):
        if following := NEXT.get((act, kind, made.status)):
            return following
    raise not_allowed(made)


def not_allowed(made: Return) -> NotAllowedInThisState:
    return NotAllowedInThisState(status=made.status).telling(state=STATUS_WORDS[made.status])


def advance(made: Return, act: OrderAct, days: Days) -> Return:
    """The return after an act; a state that stays keeps its time.

    Raises NotAllowedInThisState.
    """
    status = next_status(made, act.name)
    step = Step(status, act.at_ms, act.by, act.note, act.actor, act.key, act.content or None)
    due_at_ms = made.due_at_ms if status == made.status else due(status, act.at_ms, days)
    steps = (*made.steps, step)
    return replace(made, status=status, version=made.version + 1, steps=steps, due_at_ms=due_at_ms)


def due(status: str, since_ms: int, days: Days) -> int | None:
    """The end of a state's time; None for a final state."""
    return since_ms + getattr(days, status) * 24 * 3600 * 1000 if status in OVERDUE else None


def receive(made: Return, came: Mapping[str, int], *, restock: bool) -> Return:
    """The return with units that came.

    No quantities mean all that are missing.

    Raises Invalid, NotAllowedInThisState if none are.
    """
    if made.is_complete:
        raise not_allowed(made)
    lines, wanted = [], dict(came) or {line.sku: line.missing for line in made.lines}
    for line in made.lines:
        units = wanted.pop(line.sku, 0)
        if units > line.missing:
            raise _too_many(line.title, line.missing)
        restocked = line.restocked + (units if restock else 0)
        lines.append(
            msgspec.structs.replace(line, received=line.received + units, restocked=restocked)
        )
    if wanted:
        sku = min(wanted)
        raise _too_many(Words(sku, sku), 0)
    return replace(made, lines=tuple(lines))


def _too_many(title: Words, missing: int) -> Invalid:
    words = Words(
        f"「{title.zh}」还有 {missing} 件待收", f"{missing} of “{title.en}” are still to come"
    )
    return Invalid(FieldError("lines", "more_than_returned", words))


def owed(made: Return) -> dict[str, int]:
    """Quantities by SKU that a return has to refund so far.

    A return refunds what came. One that ends without a replacement refunds what came, or all if
    nobody recorded its parcel.
    """
    if made.status == CLOSED and made.replacement is None:
        return made.received or made.quantities
    return made.received if made.kind == RETURN else {}


def kept(made: Return) -> dict[str, int]:
    """Quantities by SKU that its order keeps for it: those that it may still refund or replace."""
    if made.status not in OVERDUE:
        return {}
    return dict(Counter(made.quantities) - Counter(owed(made)))


def stock_change(seen: Return, after: Return) -> dict[str, int]:
    """Units by SKU that come on sale by a change of a return, or leave it (below 0)."""
    change = Counter(off_sale(seen))
    change.subtract(off_sale(after))
    return {sku: units for sku, units in change.items() if units}


def off_sale(made: Return) -> Counter[str]:
    """Units by SKU that it has taken off sale, less those that it brought back."""
    reserves = made.kind == EXCHANGE and made.status in _RESERVING
    taken = Counter(made.quantities if reserves else {})
    taken.update(made.replacement.quantities if made.replacement else {})
    taken.subtract({line.sku: line.restocked for line in made.lines})
    return taken
