"""Finance's functions."""
