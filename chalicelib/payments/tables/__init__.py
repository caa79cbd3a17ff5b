"""The items of payments."""
