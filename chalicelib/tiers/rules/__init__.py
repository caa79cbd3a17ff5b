"""The ladder of tiers and a member's standing on it, as values with pure functions."""
