"""What there is: ten process groups, their seventy sub-processes and the KPIs that tell how they do, as typed rows."""
