"""Calls about members: signing in, profile, sessions, identities, addresses."""

from chalicelib.members.routes import addresses, identities, profile, sessions
from chalicelib.members.routes.blueprint import members

__all__ = ["addresses", "identities", "members", "profile", "sessions"]
