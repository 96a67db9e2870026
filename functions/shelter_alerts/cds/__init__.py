"""CDS 1.1: what a curb event must say."""
