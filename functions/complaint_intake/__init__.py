"""Citizens' side of complaints: taken, followed, answered, published, forgotten."""
