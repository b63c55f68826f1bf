"""The seven workbenches of analysis and reports."""
