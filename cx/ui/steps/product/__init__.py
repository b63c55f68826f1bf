"""The seven workbenches of product."""
