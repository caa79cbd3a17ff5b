"""The rules of campaigns, by noun."""
