"""Decides which agency a complaint belongs to, and says why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from functions.agency_routing import suggest, text
from functions.agency_routing.suggest import Suggestion
from functions.agency_routing.text import Words
from shared.jurisdiction import Jurisdiction, Rule
from shared.text import Text

#: The rule named in a decision that no configured rule made.
TRIAGE = "triage"
#: The rule of a decision that would have given a complaint to an agency that returned it.
GIVEN_BACK = "given-back"
#: The attribute by which a complaint names its kabupaten or kota outright.
AREA_ATTRIBUTE = "kabupaten_kota"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a decision is made from: the complaint, and nothing about who wrote it."""

    service_code: str | None
    kind: str
    description: str
    address_string: str | None
    attributes: Mapping[str, str]
    lat: float | None
    long: float | None
    returned_by: tuple[str, ...] = ()  #: agencies that gave it back


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The agency, the category the decision was made for, the rule that made it, and why."""

    agency: str
    service_code: str | None
    rule: str
    because: Text


def decide(facts: Facts, jurisdiction: Jurisdiction) -> Decision:
    """Return the decision for a complaint. What no rule claims goes to triage.

    The category is the citizen's, or, where none was named, the one the words clearly point
    to: one well ahead of all others, or of all but those of the same agency. Words overrule a
    named category only if none of them fits it and many another. Then the jurisdiction's rules
    are tried in order; the first that holds wins. An agency that gave the complaint back does
    not get it again unless an operator says so.
    """
    words = text.read(facts.description, jurisdiction.language.spelling)
    suggestions = suggest.ranked(words, jurisdiction)
    areas = areas_of(facts, words, jurisdiction)

    def rule_for(service_code: str | None) -> Rule | None:
        fitting = (
            rule for rule in jurisdiction.rules if holds(rule, facts, service_code, areas, words)
        )
        return next(fitting, None)

    leading = suggest.leading(suggestions, jurisdiction)
    agencies = {rule and rule.agency for rule in (rule_for(one.service_code) for one in leading)}
    clear = _strictest(leading, jurisdiction) if len(agencies) == 1 else None
    suggestion = _to_follow(facts, clear, suggestions, jurisdiction)
    service_code = suggestion.service_code if suggestion else facts.service_code
    rule = rule_for(service_code)
    if rule and rule.agency in facts.returned_by:
        return Decision(
            agency=jurisdiction.triage,
            service_code=service_code,
            rule=GIVEN_BACK,
            because=_why_not_again(rule.agency, jurisdiction),
        )
    if rule:
        return Decision(
            agency=rule.agency,
            service_code=service_code,
            rule=rule.id,
            because=_because(rule, suggestion, words, jurisdiction),
        )
    return Decision(
        agency=jurisdiction.triage,
        service_code=service_code,
        rule=TRIAGE,
        because=_why_triage(suggestions, jurisdiction),
    )


def _strictest(leading: Sequence[Suggestion], jurisdiction: Jurisdiction) -> Suggestion:
    """Return the first of several as likely that is not public, or else the first."""
    hidden = (
        one
        for one in leading
        if jurisdiction.category_by_code[one.service_code].visibility != "public"
    )
    return next(hidden, leading[0])


def _to_follow(
    facts: Facts,
    clear: Suggestion | None,
    suggestions: Sequence[Suggestion],
    jurisdiction: Jurisdiction,
) -> Suggestion | None:
    """Return the suggestion to go by: the clear one, unless a category was named that may fit.

    Who names another one for what an agency gave back knows what the words have not told.
    """
    named = facts.service_code
    category = jurisdiction.category_by_code.get(named or "")  # gone by now: as if not named
    if clear is None or category is None or category.other:
        return clear
    fits = any(one.service_code == named for one in suggestions)
    hidden = category.visibility != "public"  # and must stay so
    stands = fits or hidden or facts.returned_by
    return clear if clear.score >= jurisdiction.text.overrule and not stands else None


def holds(
    rule: Rule, facts: Facts, service_code: str | None, areas: Collection[str], words: Words
) -> bool:
    """Tell whether every condition that `rule` gives holds; of a list, any one suffices."""
    when = rule.when
    return (
        (not when.category or service_code in when.category)
        and (not when.kind or facts.kind in when.kind)
        and all(facts.attributes.get(code) in values for code, values in when.attributes.items())
        and (not when.area or any(area in areas for area in when.area))
        and (not when.keywords or any(map(words.matches, when.keywords)))
        and not any(map(words.matches, when.not_keywords))
    )


def areas_of(facts: Facts, words: Words, jurisdiction: Jurisdiction) -> frozenset[str]:
    """Return the kabupaten and kota a complaint is about: the surest source that names any.

    In order: the reporter's own answer, the address, the point's rough box, the description.
    """
    if named := facts.attributes.get(AREA_ATTRIBUTE):
        return frozenset((named,))
    address = text.read(facts.address_string or "", jurisdiction.language.spelling)
    return (
        _named(address, jurisdiction)
        or _around(facts.lat, facts.long, jurisdiction)
        or _named(words, jurisdiction)
    )


def _named(words: Words, jurisdiction: Jurisdiction) -> frozenset[str]:
    areas = jurisdiction.areas
    return frozenset(
        area.code for area in areas if any(map(words.matches, area.aliases))
    ) or frozenset(area.code for area in areas if any(map(words.matches, area.loose_aliases)))


def _around(lat: float | None, long: float | None, jurisdiction: Jurisdiction) -> frozenset[str]:
    if lat is None or long is None:
        return frozenset()
    return frozenset(
        area.code
        for area in jurisdiction.areas
        for south, west, north, east in area.boxes
        if south <= lat <= north and west <= long <= east
    )


def _because(
    rule: Rule, suggestion: Suggestion | None, words: Words, jurisdiction: Jurisdiction
) -> Text:
    id_parts, en_parts = [], []
    if suggestion:
        name = jurisdiction.category_by_code[suggestion.service_code].name
        listed = _quoted(suggestion.words)
        id_parts.append(f"Kata {listed} menunjuk pada kategori {name.id}.")
        en_parts.append(f"The words {listed} point to the category {name.en}.")
    if decisive := words.found(rule.when.keywords):
        id_parts.append(f"Disebut {_quoted(decisive)}.")
        en_parts.append(f"It mentions {_quoted(decisive)}.")
    return Text(
        id=" ".join([*id_parts, rule.because.id]), en=" ".join([*en_parts, rule.because.en])
    )


def _why_triage(suggestions: Sequence[Suggestion], jurisdiction: Jurisdiction) -> Text:
    if not suggestions:
        return Text(
            id="Tidak ada aturan yang cocok; petugas akan memilah.",
            en="No rule fits; an operator will sort it.",
        )
    names = [jurisdiction.category_by_code[one.service_code].name for one in suggestions[:3]]
    return Text(
        id=f"Belum pasti; kemungkinan: {', '.join(name.id for name in names)}.",
        en=f"Not certain; it may be: {', '.join(name.en for name in names)}.",
    )


def _why_not_again(agency: str, jurisdiction: Jurisdiction) -> Text:
    own = jurisdiction.agency_by_code.get(agency)
    name = own.short_name if own else agency
    return Text(
        id=f"{name} sudah mengembalikan laporan ini; petugas akan memilah.",
        en=f"{name} has given this back before; an operator will sort it.",
    )


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words[:5])
