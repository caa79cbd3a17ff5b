"""Seeds of lotteries: sealed until the proof, and the pseudonyms of those who draw."""

from __future__ import annotations

import base64
import secrets

from chalicelib.campaigns.queries.lotteries import Known
from chalicelib.campaigns.queries.proofs import seed_bound
from chalicelib.campaigns.rules.draws import SEED_BYTES
from chalicelib.kernel.crypto import decrypt, encrypt, keyed_hash


def new_seed(lottery_id: str) -> tuple[bytes, bytes]:
    """A seed that nobody knows, and the same sealed."""
    seed = secrets.token_bytes(SEED_BYTES)
    return seed, encrypt(seed, seed_bound(lottery_id))


def seed_of(known: Known) -> bytes:
    return decrypt(known.sealed_seed, seed_bound(known.lottery.id))


def pseudonym_of(lottery_id: str, member_id: str) -> str:
    """Who drew, for everybody: another one in each lottery, which only the mall leads back to a
    member."""
    hashed = keyed_hash("lottery", lottery_id, member_id)[:10]
    return base64.b32encode(hashed).decode().lower()


def seal_code(code: str, draw_id: str) -> bytes:
    return encrypt(code.encode(), f"draw:{draw_id}")


def open_code(sealed: bytes, draw_id: str) -> str:
    return decrypt(sealed, f"draw:{draw_id}").decode()
