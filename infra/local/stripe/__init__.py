"""Stripe's API on this machine: requests of the official client are answered from a file.

Facts are from Stripe's API reference (version 2026-10-28) and its pages on idempotent requests,
webhooks and testing. It refuses an unknown parameter, path or state.
"""
