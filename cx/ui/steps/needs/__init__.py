"""Workbenches of customer needs."""
