"""The items of members."""
