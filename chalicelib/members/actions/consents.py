"""What members agree to: kept for good, with the time, the session and the network."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from chalicelib.kernel import clock, ids
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, Moved
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.members import queries
from chalicelib.members.errors import PolicyOutdated
from chalicelib.members.queries import policies
from chalicelib.members.rules import Consent
from chalicelib.members.rules import policies as rules
from chalicelib.members.tables.items import ProfileItem
from chalicelib.members.tables.policies import ConsentItem


class Place(NamedTuple):
    """Where a consent came from."""

    source: Literal["sign_in", "asked"]
    session_id: str | None
    network: str | None
    device: bytes | None = None


class Agreement(NamedTuple):
    """A consent as a member asks for it: its id follows from the key, `content` from the body."""

    id: str
    content: bytes
    terms: str | None
    privacy: str | None


def add_consent(
    writes: WriteSet,
    member_id: str,
    consent: Consent,
    place: Place,
    made: tuple[str, bytes | None] | None = None,
) -> None:
    """Add the record of a consent to `writes`; `made` is its id with the content of its request."""
    consent_id, content = made or (ids.new_id("cns"), None)
    item = ConsentItem.key(member_id, consent_id)
    item.terms, item.privacy = consent.terms or None, consent.privacy or None
    item.at = consent.at
    item.source, item.session_id = place.source, place.session_id
    item.network, item.device = place.network, place.device
    item.content = content
    writes.put_new(item, or_raise=IdempotencyKeyReused)


def is_news(consent: Consent, known: Consent | None) -> bool:
    """Whether a consent names a version that the member has not agreed to last."""
    return known is None or (consent.terms, consent.privacy) != (known.terms, known.privacy)


def agree(
    member_id: str, asked: Agreement, place: Place, now: datetime
) -> tuple[ConsentItem, bool]:
    """Record that a member agrees to versions that are published: (consent, replayed).

    Raises PolicyOutdated, IdempotencyKeyReused, Unauthenticated.
    """
    now_ms = clock.to_ms(now)

    def write() -> ConsentItem:
        _check_offered(asked, now_ms)
        profile = queries.profile(member_id)
        consent = rules.joined(profile.consent, asked.terms, asked.privacy, now_ms)
        writes = WriteSet()
        add_consent(writes, member_id, consent, place, (asked.id, asked.content))
        same = ProfileItem.pk.exists()
        writes.update(
            ProfileItem.key(member_id),
            [ProfileItem.consent.set(consent)],
            condition=same,
            or_raise=Moved,
        )
        writes.commit()
        return _given(member_id, asked)

    return replay_outranks_refusal(write, lambda: _find(member_id, asked))


def _check_offered(asked: Agreement, now_ms: int) -> None:
    """Raises PolicyOutdated with the versions that count, unless these are among them."""
    published = policies.published_now()
    given: dict[rules.PolicyKind, str | None] = {"terms": asked.terms, "privacy": asked.privacy}
    if all(
        not name or rules.is_offered(published, kind, name, now_ms) for kind, name in given.items()
    ):
        return
    current = {kind: published.current(kind, now_ms) for kind in rules.KINDS}
    raise PolicyOutdated(**{kind: each.name for kind, each in current.items() if each})


def _given(member_id: str, asked: Agreement) -> ConsentItem:
    found = _find(member_id, asked)
    assert found is not None, "it was just written"
    return found


def _find(member_id: str, asked: Agreement) -> ConsentItem | None:
    return replay_of(queries.stored(ConsentItem.key(member_id, asked.id)), asked.content)
