"""Calls about earning."""
