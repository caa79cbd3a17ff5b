"""The items of the marketing table, by noun."""
