"""The `simpul` command: the local cloud, the demo, and what agencies, officers and operators do."""
