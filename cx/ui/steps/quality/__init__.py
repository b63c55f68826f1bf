"""The seven workbenches of quality."""
