"""Field encryption (AES-256-GCM) and keyed hashes (HMAC-SHA-256) of personal data.

Source: NIST SP 800-38D for GCM: a 96-bit random nonce for each encryption under one key.
"""

from __future__ import annotations

import hmac
import secrets as random_source

from chalicelib.kernel import secrets


class Unopened(ValueError):
    """The sealed bytes do not open. They were changed, or are bound to something else."""


def keyed_hash(purpose: str, *parts: str) -> bytes:
    """32 bytes that only holders of the stage's hash key can compute, bound to a purpose."""
    message = "\x1f".join((purpose, *parts)).encode()
    return hmac.digest(secrets.key("hash"), message, "sha256")


def encrypt(plain: bytes, bound_to: str) -> bytes:
    """Sealed bytes: key id, nonce, ciphertext; they open only with the same `bound_to`."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key = secrets.keys("field")[0]
    nonce = random_source.token_bytes(12)
    sealed = AESGCM(key.key).encrypt(nonce, plain, bound_to.encode())
    name = key.id.encode()
    return bytes([len(name)]) + name + nonce + sealed


def decrypt(sealed: bytes, bound_to: str) -> bytes:
    """The plain bytes of `encrypt`.

    Raises KeyError if the key is gone, Unopened if it was changed or bound elsewhere.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    end = 1 + sealed[0]
    name, nonce, rest = sealed[1:end].decode(), sealed[end : end + 12], sealed[end + 12 :]
    key = {k.id: k.key for k in secrets.keys("field")}[name]
    try:
        return AESGCM(key).decrypt(nonce, rest, bound_to.encode())
    except InvalidTag as error:
        raise Unopened() from error
