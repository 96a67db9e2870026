"""Sends a vehicle where there is room, and keeps its place for a while."""
