"""The rules of finance."""
