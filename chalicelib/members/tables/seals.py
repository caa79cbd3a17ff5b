"""Keyed hashes and sealed bytes of secrets and personal data."""

from __future__ import annotations

import base64
import hmac
import secrets
from typing import NamedTuple

import msgspec

from chalicelib.kernel import crypto
from chalicelib.members.rules import CODE_DIGITS, Destination, Kind
from chalicelib.members.rules.providers import Account, Known

_SECRET_BYTES = 24
_MAC_BYTES = 16
_DEVICE_BYTES = 16
# A till code: 6 bytes of a tag, 16 of a member's id, 3 of its end in steps of ten seconds.
TILL_CODE_S = 90
_STEP_S = 10
_TILL_TAG_BYTES, _TILL_CODE_BYTES = 6, 25


def identity_hash_of(destination: Destination) -> str:
    """The keyed hash of a destination, the same for two spellings of an address."""
    return crypto.keyed_hash("identity", destination.kind, destination.text.lower()).hex()


def account_hashes_of(account: Account) -> list[str]:
    """The keyed hashes of an account: as its app knows it, then as all our apps do."""
    return [crypto.keyed_hash("identity", account.provider, *name).hex() for name in account.names]


def seal_known(known: Known, member_id: str) -> bytes:
    return crypto.encrypt(msgspec.json.encode(known), member_id)


def unseal_known(sealed: bytes, member_id: str) -> Known:
    return msgspec.json.decode(crypto.decrypt(sealed, member_id), type=Known)


def grant_hash(provider: str, app: str, code: str) -> str:
    return crypto.keyed_hash("provider_code", provider, app, code).hex()


def state_hash(state: str) -> str:
    return crypto.keyed_hash("used_state", state).hex()


def bound_to(state: str, browser: str) -> bytes:
    """What tells the client that sent a code from others that saw it."""
    return crypto.keyed_hash("provider_client", state, browser)


def rate_key(purpose: str, text: str) -> str:
    """The name of a counter, without the address that it counts."""
    return crypto.keyed_hash("rate", purpose, text)[:16].hex()


def device_hash(device: str) -> bytes:
    """What a device calls itself, the same for all members who sign in on it."""
    return crypto.keyed_hash("device", device)[:_DEVICE_BYTES]


def browser_hash(user_agent: str, network: str) -> bytes:
    """A device that does not call itself anything, as well as it can be known again."""
    return crypto.keyed_hash("browser", user_agent, network)[:_DEVICE_BYTES]


def new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def code_hash(challenge_id: str, identity: str, code: str) -> bytes:
    return crypto.keyed_hash("otp", challenge_id, identity, code)


def is_code(code: str, challenge_id: str, identity: str, wanted: bytes) -> bool:
    return hmac.compare_digest(code_hash(challenge_id, identity, code), wanted)


def seal(destination: Destination, bound_to: str) -> bytes:
    return crypto.encrypt(destination.text.encode(), bound_to)


def unseal(sealed: bytes, kind: Kind, bound_to: str) -> Destination:
    return Destination(kind, crypto.decrypt(sealed, bound_to).decode())


def unseal_recipient(sealed: bytes, transfer_id: str) -> Destination:
    """The destination of a waiting gift, sealed by `seal` to its transfer."""
    text = crypto.decrypt(sealed, transfer_id).decode()
    return Destination("email" if "@" in text else "phone", text)


class RefreshToken(NamedTuple):
    """A session's token for new access tokens, good once.

    Its text carries a keyed hash of its parts. So a forged token differs from a used one, and
    the knowledge of a session's id is not enough to end it.
    """

    member_id: str
    session_id: str
    secret: str

    @property
    def text(self) -> str:
        return ".".join((*self, _mac(self)))

    @property
    def hash(self) -> bytes:
        """The stored hash."""
        return crypto.keyed_hash("refresh_secret", *self)


def new_refresh_token(member_id: str, session_id: str) -> RefreshToken:
    return RefreshToken(member_id, session_id, secrets.token_urlsafe(_SECRET_BYTES))


def granted_token(member_id: str, session_id: str, code: str) -> RefreshToken:
    """The first token of a session that a provider's code opened, the same each time."""
    raw = crypto.keyed_hash("refresh_granted", member_id, session_id, code)[:_SECRET_BYTES]
    secret = base64.urlsafe_b64encode(raw).decode()
    return RefreshToken(member_id, session_id, secret)


def successor(token: RefreshToken) -> RefreshToken:
    """The token after this one, the same each time: only holders of the hash key can find it."""
    raw = crypto.keyed_hash("refresh_successor", *token)[:_SECRET_BYTES]
    return token._replace(secret=base64.urlsafe_b64encode(raw).decode())


def read_refresh_token(text: str) -> RefreshToken | None:
    """The token if its keyed hash is valid; None otherwise."""
    parts = text.split(".")
    if len(parts) != 4 or not text.isascii():
        return None
    token = RefreshToken(*parts[:3])
    return token if hmac.compare_digest(parts[3], _mac(token)) else None


def _mac(token: RefreshToken) -> str:
    raw = crypto.keyed_hash("refresh_token", *token)[:_MAC_BYTES]
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def new_session_id(created_at: int) -> str:
    """`ses_` and 26 characters that sort by the time of login (epoch ms), 80 bits random."""
    raw = created_at.to_bytes(6, "big") + secrets.token_bytes(10)
    return f"ses_{base64.b32hexencode(raw).decode().rstrip('=').lower()}"


class TillCode(NamedTuple):
    """What a till code says: whose it is, and its end in epoch seconds."""

    member_id: str
    expires_at: int


def till_code(member_id: str, now_s: int) -> TillCode:
    """A code that starts now; its end is rounded up to _STEP_S."""
    return TillCode(member_id, -(-(now_s + TILL_CODE_S) // _STEP_S) * _STEP_S)


def seal_till_code(code: TillCode) -> str:
    """40 capitals and digits that tell nothing without the stage's key, so a QR code stays small.

    The tag is of the plain bytes, and the key stream is of the tag: a code that was changed in any
    bit has another tag. Source: RFC 5297, the construction of a synthetic initialization vector.
    """
    member = base64.b32decode(code.member_id.removeprefix("mbr_").upper() + "======")
    plain = member + (code.expires_at // _STEP_S % 2**24).to_bytes(3, "big")
    tag = _till_tag(plain)
    return base64.b32encode(tag + _mixed(plain, tag)).decode()


def open_till_code(text: str, now_s: int) -> TillCode | None:
    """What a code says, whether or not its end has passed; None if it is none of ours."""
    try:
        raw = base64.b32decode(text.strip().upper())
    except ValueError:
        return None
    if len(raw) != _TILL_CODE_BYTES:
        return None
    tag, plain = raw[:_TILL_TAG_BYTES], _mixed(raw[_TILL_TAG_BYTES:], raw[:_TILL_TAG_BYTES])
    if not hmac.compare_digest(tag, _till_tag(plain)):
        return None
    member_id = "mbr_" + base64.b32encode(plain[:16]).decode().rstrip("=").lower()
    # Steps are counted within five years: the nearest one to now is meant.
    step, now = int.from_bytes(plain[16:], "big"), now_s // _STEP_S
    ahead = (step - now + 2**23) % 2**24 - 2**23
    return TillCode(member_id, (now + ahead) * _STEP_S)


def _till_tag(plain: bytes) -> bytes:
    return crypto.keyed_hash("till_code", plain.hex())[:_TILL_TAG_BYTES]


def _mixed(content: bytes, tag: bytes) -> bytes:
    stream = crypto.keyed_hash("till_code_stream", tag.hex())
    return bytes(a ^ b for a, b in zip(content, stream, strict=False))
