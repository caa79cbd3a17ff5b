"""Reads of campaigns, by noun."""
