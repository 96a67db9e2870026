"""What the codes of rejections and outcomes mean to a citizen."""

from shared.jurisdiction import Jurisdiction
from shared.models import View


class Meaning(View):
    """A reason or an outcome: its code, what it says and, of a reason, the law that it stands on."""

    code: str
    text: str
    basis: str | None


def meaning_of(code: str | None, jurisdiction: Jurisdiction, language: str) -> Meaning | None:
    """Return what a code means; None if there is none, or if configuration knows it no more."""
    if reason := jurisdiction.desk.reason(code):
        text, basis = reason.text.in_language(language), reason.basis.in_language(language)
        return Meaning(code=reason.code, text=text, basis=basis)
    if outcome := jurisdiction.desk.outcome(code):
        return Meaning(code=outcome.code, text=outcome.text.in_language(language), basis=None)
    return None
