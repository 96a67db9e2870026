"""What more than one context needs, and nothing else."""
