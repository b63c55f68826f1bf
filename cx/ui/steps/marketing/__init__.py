"""The seven workbenches of marketing."""
