"""Where a stack is deployed, and with whose rights."""

from typing import TypedDict

from aws_cdk import CliCredentialsStackSynthesizer, Environment, IStackSynthesizer

from infra.stages import Stage


class Placing(TypedDict, total=False):
    """Keyword arguments of a CDK stack."""

    env: Environment
    synthesizer: IStackSynthesizer


def placed(stage: Stage) -> Placing:
    """Return where a stage's stacks go.

    The local cloud's asset bucket refuses the role that publishes assets on AWS, so there the
    command's own credentials do.
    """
    placing = Placing(env=Environment(account=stage.account, region=stage.region))
    if stage.is_local:
        placing["synthesizer"] = CliCredentialsStackSynthesizer()
    return placing
