"""What the CDK command runs: `cdk synth -c stage=local|dev|prod`."""

import os

from aws_cdk import App

from infra.program import simpul

if __name__ == "__main__":
    app = App()
    simpul(app, os.environ)
    app.synth()
