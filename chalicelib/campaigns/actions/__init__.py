"""The writes of campaigns, by noun."""
