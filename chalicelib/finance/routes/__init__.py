"""The routes of finance."""
