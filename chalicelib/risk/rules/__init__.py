"""Risk: evidence, the score that published rules give it, and cases."""
