"""The two kinds of models that an API speaks in: what it is sent, and what it answers.

Both are built when first used, so that a cold start pays for those of its first request only.
"""

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """What a client sends: nothing unknown in it, and nothing of another type made to fit."""

    model_config = ConfigDict(defer_build=True, extra="forbid", strict=True)


class View(BaseModel):
    """What a client is answered."""

    model_config = ConfigDict(defer_build=True)
