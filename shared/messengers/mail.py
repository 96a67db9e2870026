"""What an e-mail consists of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """An e-mail in plain text."""

    subject: str
    text: str
