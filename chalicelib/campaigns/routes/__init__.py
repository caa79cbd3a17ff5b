"""The routes of campaigns, by noun."""
