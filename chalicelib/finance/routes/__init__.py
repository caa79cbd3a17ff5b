"""Calls of finance."""
