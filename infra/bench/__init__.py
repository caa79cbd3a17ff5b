"""Figures: write units, rates and latencies, measured and derived."""
