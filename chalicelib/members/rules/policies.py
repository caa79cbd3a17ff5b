"""The terms and the privacy policy by version, and what a member has agreed to."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from chalicelib.kernel import spelling
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.texts import LINK
from chalicelib.kernel.texts import kind as text_kind

PolicyKind = Literal["terms", "privacy"]
KINDS: tuple[PolicyKind, ...] = ("terms", "privacy")
PolicyStatus = Literal["draft", "published"]
# A token carries both versions: none of them has this sign.
_BETWEEN = "|"
MOST_PUBLISHED = 20

# Names of versions stand in tokens and in paths.
PolicyName = Annotated[
    str, msgspec.Meta(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._-]+$(?!\n)")
]
# Both languages of a text and its keys fit an item of 400 KB.
PolicyTitle = Annotated[str, text_kind(80)]
PolicyText = Annotated[str, text_kind(20_000, spelling.paragraphs, None)]
PolicyChanges = Annotated[str, text_kind(1_000, spelling.paragraphs, None)]
PolicyUrl = Annotated[str, text_kind(500, spelling.pasted, LINK)]


class Consent(msgspec.Struct, frozen=True):
    """A member's consent to versions of the terms and privacy policy; `at` in epoch ms.

    A version is empty where the member agreed to none yet.
    """

    terms: str
    privacy: str
    at: int


class _InBoth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words in both languages."""

    def in_language(self, language: str) -> str:
        said: str = getattr(self, "en" if language == "en" else "zh")
        return said


class TitleOfPolicy(_InBoth, frozen=True):
    """A policy's title in both languages."""

    zh: PolicyTitle = msgspec.field(name="zh-CN")
    en: PolicyTitle


class TextOfPolicy(_InBoth, frozen=True):
    """A policy's text in both languages."""

    zh: PolicyText = msgspec.field(name="zh-CN")
    en: PolicyText


class ChangesOfPolicy(_InBoth, frozen=True):
    """What changed since the last version, in both languages."""

    zh: PolicyChanges = msgspec.field(name="zh-CN")
    en: PolicyChanges


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a policy: its text, or the address of it, and what changed since the last.

    `effective_at` (epoch ms) is when it starts to be asked for, once it is published.
    """

    id: str
    kind: PolicyKind
    name: str
    title: TitleOfPolicy
    text: TextOfPolicy | None = None
    url: str | None = None
    changes: ChangesOfPolicy | None = None
    status: PolicyStatus = "draft"
    effective_at: int | None = None
    created_at: int
    version: int = 1


class Edition(msgspec.Struct, frozen=True, array_like=True):
    """A published version by its name and id; it counts from `effective_at` (epoch ms)."""

    name: str
    policy_id: str
    effective_at: int


class Published(msgspec.Struct, frozen=True):
    """The published versions of both policies, in the order of their start."""

    terms: tuple[Edition, ...] = ()
    privacy: tuple[Edition, ...] = ()

    def of(self, kind: PolicyKind) -> tuple[Edition, ...]:
        return self.terms if kind == "terms" else self.privacy

    def current(self, kind: PolicyKind, now_ms: int) -> Edition | None:
        """The version that counts now; None if the mall asks for none."""
        begun = [each for each in self.of(kind) if each.effective_at <= now_ms]
        return begun[-1] if begun else None

    def with_edition(self, kind: PolicyKind, edition: Edition) -> Published:
        """The same with one more version; the oldest ones are forgotten here, not as policies."""
        all_of = sorted((*self.of(kind), edition), key=lambda each: each.effective_at)
        return msgspec.structs.replace(self, **{kind: tuple(all_of[-MOST_PUBLISHED:])})


def missing(published: Published, agreed: Consent | None, now_ms: int) -> dict[PolicyKind, str]:
    """The versions that a member has to agree to now. A later version counts as well."""
    found: dict[PolicyKind, str] = {}
    for kind in KINDS:
        current = published.current(kind, now_ms)
        if current is None:
            continue
        has = getattr(agreed, kind) if agreed else ""
        good = [e.name for e in published.of(kind) if e.effective_at >= current.effective_at]
        if has not in good:
            found[kind] = current.name
    return found


def is_offered(published: Published, kind: PolicyKind, name: str, now_ms: int) -> bool:
    """Whether a member may agree to this version: the current one or a later one."""
    current = published.current(kind, now_ms)
    since = current.effective_at if current else 0
    return any(e.name == name for e in published.of(kind) if e.effective_at >= since)


def claim_of(consent: Consent | None) -> str:
    """A consent as an access token carries it."""
    return f"{consent.terms}{_BETWEEN}{consent.privacy}" if consent else _BETWEEN


def consent_in(claim: str) -> Consent:
    """The consent that a token carries, without its time."""
    terms, _, privacy = claim.partition(_BETWEEN)
    return Consent(terms, privacy, 0)


def check_words(policy: Policy) -> None:
    """Check that a policy has a text or an address, and not both.

    Raises Invalid naming the field.
    """
    if (policy.text is None) == (policy.url is None):
        words = Words("须且只能填写正文或链接之一", "takes exactly one of text and url")
        raise Invalid(FieldError("text", "exactly_one", words))


def joined(agreed: Consent | None, terms: str | None, privacy: str | None, at: int) -> Consent:
    """What a member has agreed to after agreeing to these; a version that is not given stays."""
    return Consent(
        terms=terms or (agreed.terms if agreed else ""),
        privacy=privacy or (agreed.privacy if agreed else ""),
        at=at,
    )
