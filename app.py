"""What the CDK command runs: `cdk synth -c stage=local|dev|prod`."""

import os

from infra.program import simpul

if __name__ == "__main__":
    simpul(os.environ).synth()
