"""Writes of tiers."""
