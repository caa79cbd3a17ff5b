"""Runs, deploys and measures the mall; nothing here is deployed."""
