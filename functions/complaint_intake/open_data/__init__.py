"""The public complaints of a month, as a file that anyone may have."""
