"""Facts: what customers said and did, in twelve datasets, import batches, a columnar mirror and the engine over it."""
