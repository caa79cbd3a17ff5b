"""Members: who they are, how they prove it, where their parcels go."""

from chalicelib.members.queries import (
    contact_of,
    default_address,
    find_address,
    find_member,
    identity_hash,
    member_with,
)
from chalicelib.members.rules import Address, Contact

__all__ = [
    "Address",
    "Contact",
    "contact_of",
    "default_address",
    "find_address",
    "find_member",
    "identity_hash",
    "member_with",
]
