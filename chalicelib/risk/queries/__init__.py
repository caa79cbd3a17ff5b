"""Reads of risk: cases, evidence, published rules."""
