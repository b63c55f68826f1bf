"""The seven workbenches of improvement."""
