"""A reporter's rights: told all that is held, and forgotten everywhere."""
