"""Texts for people, in Indonesian (first) and English."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages, neither of them empty."""

    id: str
    en: str

    def __post_init__(self) -> None:
        if not (self.id.strip() and self.en.strip()):
            raise ValueError("give the text in both languages, `id` and `en`")

    def in_language(self, language: str) -> str:
        """Return the text in `language` ("id" or "en"); Indonesian for any other."""
        return self.en if language == "en" else self.id
