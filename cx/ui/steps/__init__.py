"""The workbenches: one room a step, identically furnished."""
