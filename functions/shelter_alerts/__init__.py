"""Shelters of fleets: who is present, when it is crowded, and where there is room."""
