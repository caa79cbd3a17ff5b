"""Calls about points."""
