"""Writes of exports and erasures."""
