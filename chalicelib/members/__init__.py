"""Members: who they are, how they prove it, where their parcels go."""

from chalicelib.members.actions import claim_gifts
from chalicelib.members.queries import (
    contact_of,
    default_address,
    find_address,
    find_member,
    identity_hash,
    member_with,
    nickname_of,
)
from chalicelib.members.rules import Address, Contact, Destination
from chalicelib.members.tables.seals import unseal_recipient

__all__ = [
    "Address",
    "Contact",
    "Destination",
    "claim_gifts",
    "contact_of",
    "default_address",
    "find_address",
    "find_member",
    "identity_hash",
    "member_with",
    "nickname_of",
    "unseal_recipient",
]
