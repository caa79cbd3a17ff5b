"""Writes of risk: uses of devices, assessments, the staff's decisions, published rules."""
