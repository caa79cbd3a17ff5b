"""Views of members."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.shapes import shaped
from chalicelib.ledger import Account, Balance, balance
from chalicelib.members.rules import BookAddress, Consent, Destination, Member
from chalicelib.members.rules.devices import AppKind
from chalicelib.members.rules.referrals import Outcome


class ConsentView(msgspec.Struct):
    """The versions of the latest consent."""

    terms: str
    privacy: str
    agreed_at: str


class Profile(msgspec.Struct):
    """What members and the staff see of a member; phone and e-mail are masked."""

    id: str
    nickname: str | None
    avatar: str | None
    phone: str | None
    email: str | None
    roles: list[str]
    language: str
    tier: str


class MemberView(Profile):
    """A member's own profile; phone and e-mail are masked."""

    consent: ConsentView | None
    created_at: str
    birthday: str | None
    referral_code: str | None = None


class StaffMemberView(Profile):
    """A member for the staff; `status` is that of the points account, or `merged`: then
    `merged_into` is who they are now. `merged_from` has the ids that were merged into this one."""

    created_at: str
    status: str
    points: Balance
    merged_into: str | None = None
    merged_from: list[str] = []


class ReceiverView(msgspec.Struct, omit_defaults=True):
    """The receiver of a gift as the sender named them; phone and e-mail are masked."""

    member_id: str | None = None
    phone: str | None = None
    email: str | None = None


class TransferView(msgspec.Struct):
    """A gift of points; it does not reveal whether its receiver has registered."""

    id: str
    points: int
    to: ReceiverView
    message: str | None
    status: Literal["sent"]
    created_at: str


class ChallengeView(msgspec.Struct):
    """A code is on its way."""

    challenge_id: str
    expires_at: str


class TokensView(msgspec.Struct, omit_defaults=True):
    """The tokens of a session."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str | None = None


class RefreshedView(TokensView, kw_only=True):
    """`access_token` is good for `expires_in` seconds, `refresh_token` once.

    With `Jifen-Client: web`, `refresh_token` is a cookie and absent here.

    `member_id`: another window of the browser may have signed in another member.
    """

    member_id: str


class LoginView(TokensView, kw_only=True):
    """A login; `created` is true if it registered the member. `erasure_cancelled`: the member had
    closed the account, and keeps it by this login; absent otherwise.

    `referral` tells what became of `referral_code`: `applied`, or not: the member had registered
    before (`after_registration`), invited themselves (`own_code`), or brought a code that nobody
    has (`unknown_code`, at a provider's login alone: another one is refused).
    """

    member: MemberView
    created: bool
    erasure_cancelled: bool = False
    referral: Outcome | None = None


class SessionView(msgspec.Struct):
    """A login on one device; `current` is true for the caller's session.

    `name` is such as `Chrome · Windows`, `network` roughly where it was used last.
    """

    id: str
    name: str
    app: AppKind
    created_at: str
    last_used_at: str
    expires_at: str
    user_agent: str | None
    network: str | None
    current: bool


class IdentityView(msgspec.Struct):
    """A way to sign in: `masked` is a masked phone or e-mail, or the name at WeChat or QQ."""

    id: str
    kind: Literal["phone", "email", "wechat", "qq"]
    masked: str
    created_at: str


class AuthorizationView(msgspec.Struct):
    """A sign-in at WeChat or QQ that has begun: `url` is the page that asks the person, null in an
    app that asks by itself. It comes back with a code and this `state`, good for ten minutes.
    """

    url: str | None
    state: str


class AddressView(msgspec.Struct):
    """A postal address; orders go to the default one unless they name another.

    `province` may be empty in an address abroad. `division_code` is that of its place in mainland
    China, if the client told it.
    """

    id: str
    recipient: str
    phone: str
    country: str
    province: str
    city: str
    district: str | None
    street: str
    postal_code: str | None
    division_code: str | None
    is_default: bool
    created_at: str


def member_view(member: Member, referral_code: str | None = None) -> MemberView:
    return shaped(
        MemberView,
        member,
        phone=member.phone.masked if member.phone else None,
        email=member.email.masked if member.email else None,
        roles=sorted({"member", *member.roles}),
        consent=_consent_view(member.consent),
        created_at=rfc3339_ms(member.created_at),
        referral_code=referral_code,
    )


def staff_member_view(member: Member, account: Account, now: datetime) -> StaffMemberView:
    points = balance(account, now)
    return shaped(
        StaffMemberView,
        member_view(member),
        status=points.status,
        points=points,
        merged_into=None,
        merged_from=list(member.merged_from),
    )


def _consent_view(consent: Consent | None) -> ConsentView | None:
    return shaped(ConsentView, consent, agreed_at=rfc3339_ms(consent.at)) if consent else None


def address_view(
    address_id: str, address: BookAddress, *, is_default: bool, created_at: int
) -> AddressView:
    at = rfc3339_ms(created_at)
    return shaped(AddressView, address, id=address_id, is_default=is_default, created_at=at)


def receiver_view(member_id: str | None, destination: Destination | None) -> ReceiverView:
    if destination is None:
        return ReceiverView(member_id=member_id)
    return ReceiverView(**{destination.kind: destination.masked})


MEMBER_EXAMPLE = {
    "id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe", "nickname": "小满", "avatar": None,
    "phone": "+86138****8000", "email": None, "roles": ["member"], "language": "zh-CN",
    "tier": "gold", "birthday": "06-18",
    "consent": {"terms": "2026-01", "privacy": "2026-01", "agreed_at": "2026-11-21T08:00:00Z"},
    "created_at": "2026-11-21T08:00:00Z", "referral_code": "K7WM3QXA",
}  # fmt: skip
TOKENS_EXAMPLE = {
    "access_token": "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.e30.c2ln",
    "token_type": "Bearer",
    "expires_in": 900,
    "refresh_token": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe.ses_0ck4l9v1g81m0q8mt4s0f2k9c4.c2VjcmV0.bWFj",
}
SESSION_EXAMPLE = {
    "id": "ses_0ck4l9v1g81m0q8mt4s0f2k9c4", "created_at": "2026-11-21T08:00:00Z",
    "last_used_at": "2026-11-21T08:00:00Z", "expires_at": "2026-12-21T08:00:00Z",
    "user_agent": "JifenApp/1.0 (iOS 20.1)", "current": True, "name": "JifenApp", "app": "app",
    "network": "203.0.113.0/24",
}  # fmt: skip
IDENTITY_EXAMPLE = {
    "id": "idn_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "kind": "email",
    "masked": "x***@example.com",
    "created_at": "2026-11-21T08:00:00Z",
}
ADDRESS_REQUEST_EXAMPLE = {
    "recipient": "王小满", "phone": "+8613800138000", "country": "CN", "province": "浙江省",
    "city": "杭州市", "district": "西湖区", "street": "文三路 100 号 2 幢 301",
    "postal_code": "310012", "division_code": "330106", "is_default": True,
}  # fmt: skip
ADDRESS_EXAMPLE = {
    "id": "adr_3ndq2kzvdkwqymh6dz4wmbyziu",
    **ADDRESS_REQUEST_EXAMPLE,
    "created_at": "2026-11-21T08:00:00Z",
}

ChallengeId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
