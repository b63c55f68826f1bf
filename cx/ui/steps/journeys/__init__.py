"""Workbenches of customer journeys."""
