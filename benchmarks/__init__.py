"""Speeds as ratios measured in one run, on data made on the spot."""
