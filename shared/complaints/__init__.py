"""The complaint: its record, its law, its store and its events."""
