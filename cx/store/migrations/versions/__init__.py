"""One file a step of the layout, in order."""
