"""Agencies' side of complaints: decided, queued, worked, escalated."""
