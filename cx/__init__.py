"""CX Blueprint: take in what customers say and do, compute the numbers leaders steer by, and work on them."""

__version__ = "0.1.0"
