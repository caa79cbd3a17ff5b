"""Paths of the AWS server that are the stack's own; no bucket's name starts with an underscore."""

RESTORE = "/_jifen/restore"
WAITING = "/_jifen/waiting"
