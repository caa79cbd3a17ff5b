"""The claims after every step, checked against the model and by themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from chalicelib.ledger.rules import FROZEN, MAX_LOTS, Account, Entry
from chalicelib.ledger.rules.lots import live
from chalicelib.ledger.rules.replay import COMPARED, State, check
from tests.simulation.model import Model, Outcome, Refused
from tests.simulation.model.accounts import TOTALS
from tests.simulation.steps import ACCOUNTS


class Broken(Exception):
    """A broken claim: its short name, and the observation."""

    def __init__(self, claim: str, detail: object) -> None:
        super().__init__(f"{claim}: {detail}")
        self.claim = claim


def hold_true(claim: str, true: bool, *detail: object) -> None:
    if not true:
        raise Broken(claim, " ".join(map(str, detail)))


class Witness:
    """Follows the ledger from outside: its entries alone, account by account."""

    def __init__(self) -> None:
        self.states = [State() for _ in ACCOUNTS]
        self.entries: list[list[Entry]] = [[] for _ in ACCOUNTS]
        self.references: set[tuple[str, str]] = set()
        self.books: Counter[str] = Counter()

    def see(self, on: int, entry: Entry) -> None:
        state = self.states[on]
        key = (entry.account_id, entry.reference)
        hold_true("references are unique", key not in self.references, key)
        hold_true("seq is gapless", entry.seq == state.seq + 1, entry)
        hold_true("entries are chained", entry.prev_hash == state.head_hash, entry)
        hold_true("time does not go back", entry.recorded_at_ms >= state.last_at_ms, entry)
        running = state.balance + entry.points
        hold_true("balance_after sums the points", entry.balance_after == running, entry)
        legs = entry.postings
        hold_true("postings sum to 0", sum(leg.points for leg in legs) == 0, entry)
        hold_true("an entry has few lots", len(entry.lots) <= 2 * MAX_LOTS, entry)
        for leg in legs:
            self.books[leg.account] += leg.points
        self.references.add(key)
        self.entries[on].append(entry)
        state.add(entry, entry.hash)

    def agrees(self, on: int, account: Account) -> None:
        state = self.states[on]
        made = state.account(account.id, account.status)
        for name in COMPARED:
            kept, replayed = getattr(account, name), getattr(made, name)
            hold_true("entries replay to the account", kept == replayed, name, kept, replayed)
        hold_true("entries replay to the lots", made.lots == account.lots, account)
        member, _, unit = account.id.partition(":")
        own = f"member:{member}:{unit}"
        booked = (
            self.books[own],
            self.books[f"{own}:held"],
            self.books[f"{own}:pending"],
            -self.books[f"{own}:debt"],
        )
        kept = (account.posted, account.held, account.pending, account.debt)
        hold_true("the books agree", booked == kept, booked, kept)

    def check_all(self, on: int, account: Account, waiting: int) -> None:
        """The whole history by the ledger's own proof."""
        entries = self.entries[on]
        problems = check(account, entries, {e.seq: e.hash for e in entries}, waiting)
        hold_true("the proof finds nothing", problems == [], problems)


def agree(model: Model, on: int, account: Account) -> None:
    """Assert that an account equals the model's, part by part."""
    plain = model.accounts[on]
    at_ms = plain.at(model.now_ms)
    made = {
        "lots": plain.by_expiry(),
        "posted": sum(points for _, points in plain.lots),
        "held": model.held(on),
        "pending": model.waiting(on),
        "debt": plain.debt,
        "seq": plain.entries,
        "last_at_ms": plain.last_ms,
        "sent_on": plain.day,
        "sent": plain.sent,
        "sends": plain.sends,
    } | {name: getattr(plain, name) for name in TOTALS}
    for name, wanted in made.items():
        kept = getattr(account, name)
        hold_true(f"{name} as the model", kept == wanted, account.id, kept, "not", wanted)
    hold_true("status as the model", (account.status == FROZEN) is plain.frozen, account)
    available = account.available(at_ms)
    hold_true("available as the model", available == plain.available(at_ms), account)


def sound(account: Account, written: bool) -> None:
    """Assert the invariants of one account."""
    parts = (account.held, account.pending, account.debt, *account.lots.values())
    hold_true("no part is negative", min(parts) >= 0, account)
    hold_true("no lot is empty", 0 not in account.lots.values(), account)
    came = account.accrued - account.redeemed - account.expired
    came += account.transferred + account.adjusted
    there = account.posted + account.held + account.pending - account.debt
    hold_true("the algebra", came == there, account)
    open_lots = live(account.lots, account.last_at_ms)
    hold_true("debt only while nothing is available", not (account.debt and open_lots), account)
    hold_true("at most 36 live lots", len(open_lots) <= MAX_LOTS, account)
    if written:
        hold_true("no lapsed lot outlives a write", len(open_lots) == len(account.lots), account)


def same_outcome(wanted: Outcome, seen: Outcome) -> None:
    same = _by_account(wanted) == _by_account(seen)
    hold_true("the outcome is the model's", same, seen, "not", wanted)


def _by_account(outcome: Outcome) -> Outcome:
    if isinstance(outcome, Refused):
        return outcome
    return sorted(outcome, key=lambda made: made[0])


def untouched(before: Mapping[int, int], account: Account, kept: Account) -> None:
    """Assert that an account without writes is unchanged, with its lots."""
    hold_true("a refusal changes nothing", account is kept or account == kept, account, kept)
    hold_true("rules change no argument", kept.lots == before, kept, before)


def nothing_lost(model: Model, witness: Witness) -> None:
    """Assert that all accounts sum to 0, and that transferred points equal the escrows."""
    hold_true("all books sum to 0", sum(witness.books.values()) == 0, witness.books)
    between = witness.books["program:points:transfers"]
    hold_true("transfers end somewhere", between == model.in_escrow(), between)
