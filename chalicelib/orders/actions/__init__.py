"""Writes of orders."""
