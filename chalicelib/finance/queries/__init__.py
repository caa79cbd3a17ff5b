"""Reads of finance."""
