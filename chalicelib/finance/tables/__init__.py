"""The items of finance."""
