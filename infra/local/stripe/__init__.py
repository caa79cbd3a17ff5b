"""Stripe's API on this machine: what the official client says over the wire, answered from a file.

Facts are from Stripe's API reference (version 2026-10-28) and its pages on idempotent requests,
webhooks and testing. What it does not know it refuses: an unknown parameter, path or state.
"""
