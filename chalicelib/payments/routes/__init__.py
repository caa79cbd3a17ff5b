"""Calls about payments."""
