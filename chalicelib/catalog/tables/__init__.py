"""The items of the catalog."""
