"""The rows of the KPI catalogue, a file for each process group that owns some."""
