"""What stacks are made of: a context's functions with their grants, tables, buckets, the API."""
