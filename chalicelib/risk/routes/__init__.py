"""Risk for the staff: cases with their reasons, and the rules of scores."""
