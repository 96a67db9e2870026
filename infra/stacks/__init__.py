"""The stacks of a stage: data outlives service; edge and observability stand beside."""
