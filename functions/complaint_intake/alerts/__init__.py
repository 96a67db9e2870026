"""Alerts of new complaints near a place, for who asked and confirmed it."""
