"""A shelter's alert: its states and clocks, who is told, and the officers' desk."""
