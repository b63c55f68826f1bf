"""The seven workbenches of sales."""
