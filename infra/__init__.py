"""Simpul's infrastructure in CDK: stages, stacks, constructs, and the packages they deploy."""

import os

# The CDK still runs on Node 20, which it would otherwise say at length on every synth.
os.environ["JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"] = "20"
