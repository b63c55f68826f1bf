"""The seven workbenches of customer service."""
