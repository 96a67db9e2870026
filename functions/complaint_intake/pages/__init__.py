"""Plain HTML for people: reporting, following and tracking without script."""
