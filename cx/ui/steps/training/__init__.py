"""The seven workbenches of training."""
