"""Decides which agency a complaint belongs to, and says why."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

from functions.agency_routing import keywords, shipped, suggest, text
from functions.agency_routing.classifier import Classifier
from functions.agency_routing.suggest import Suggestion
from functions.agency_routing.text import Words
from shared.clock import WIB
from shared.jurisdiction import Category, Jurisdiction, Rule, Weekday, When
from shared.text import Text

#: The rule named in a decision that no configured rule made.
TRIAGE = "triage"
#: The rule of a decision that would have given a complaint to an agency that returned it.
GIVEN_BACK = "given-back"
#: The attribute by which a complaint names its kabupaten or kota outright.
AREA_ATTRIBUTE = "kabupaten_kota"


#: Categories at least so likely, beside the likeliest, count as likely as that one.
AS_LIKELY: Final = 0.5
#: Of categories less likely than this it is not asked whose they would be: they sway nothing.
WORTH_A_RULE: Final = 0.01
#: How many suggestions an operator is shown.
MOST_SUGGESTIONS: Final = 3
_WEEKDAYS: Final = get_args(Weekday)


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
    created_at: datetime | None = None  #: rules of hours and weekdays hold for no complaint without


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The agency, the category the decision was made for, the rule that made it, and why.

    `suggestions` are the likeliest service codes by the text, each with its share of one: of a
    decision that the text made, or that an operator is to make.
    """

    agency: str
    service_code: str | None
    rule: str
    because: Text
    suggestions: tuple[tuple[str, float], ...] = ()


def decide(
    facts: Facts,
    jurisdiction: Jurisdiction,
    classifier: Callable[[], Classifier] = shipped.classifier,
) -> Decision:
    """Return the decision for a complaint, made in three steps.

    1. The rules for the category that the citizen named, in order; the first that holds wins.
    2. Where none was named, the text: the rules for the category whose words prevail, or for the
       one that it points to, if those of one agency are likely enough together. Words overrule a
       named category only if none of them fits it and another is all but certain.
    3. What neither decides goes to triage, with what the text suggests.

    An agency that gave the complaint back does not get it again unless an operator says so. The
    classifier is asked for, and so loaded, only where the text has a say.
    """
    words = text.read(facts.description, jurisdiction.language.spelling)
    areas = areas_of(facts, words, jurisdiction)

    def rule_for(service_code: str | None) -> Rule | None:
        fitting = (
            rule for rule in jurisdiction.rules if holds(rule, facts, service_code, areas, words)
        )
        return next(fitting, None)

    named = _named_for_good(facts, words, jurisdiction)
    suggestions = [] if named else suggest.ranked(words, jurisdiction, classifier())
    suggestion = _to_follow(facts, words, suggestions, rule_for, jurisdiction)
    service_code = suggestion.service_code if suggestion else facts.service_code
    rule = rule_for(service_code)
    if rule is None and named:
        suggestions = suggest.ranked(words, jurisdiction, classifier())
    told = tuple((one.service_code, one.confidence) for one in suggestions[:MOST_SUGGESTIONS])
    if rule is None:
        return Decision(
            agency=jurisdiction.triage,
            service_code=service_code,
            rule=TRIAGE,
            because=_why_triage(suggestions, jurisdiction),
            suggestions=told,
        )
    if rule.agency in facts.returned_by:
        return Decision(
            agency=jurisdiction.triage,
            service_code=service_code,
            rule=GIVEN_BACK,
            because=_why_not_again(rule.agency, jurisdiction),
            suggestions=told,
        )
    return Decision(
        agency=rule.agency,
        service_code=service_code,
        rule=rule.id,
        because=_because(rule, suggestion, words, jurisdiction),
        suggestions=told if suggestion or rule.agency == jurisdiction.triage else (),
    )


def _named_for_good(facts: Facts, words: Words, jurisdiction: Jurisdiction) -> bool:
    """Tell whether a category is named that no text may overrule.

    One that any keyword fits, one that is hidden and must stay so, and one named for what an
    agency gave back: whoever names it then knows what the words have not told.
    """
    category = jurisdiction.category_by_code.get(facts.service_code or "")  # gone: not named
    if category is None or category.other:
        return False
    return bool(
        category.visibility != "public"
        or facts.returned_by
        or category.service_code in keywords.pointed(words, jurisdiction)
    )


def _to_follow(
    facts: Facts,
    words: Words,
    suggestions: Sequence[Suggestion],
    rule_for: Callable[[str], Rule | None],
    jurisdiction: Jurisdiction,
) -> Suggestion | None:
    """Return the suggestion to go by, if the text is clear enough.

    One whose words prevail is taken, however likely. Else categories of one agency speak
    together, and of those about as likely, the strictest in who may read it is taken.
    """
    if not suggestions:
        return None
    category = jurisdiction.category_by_code.get(facts.service_code or "")
    if category and not category.other:
        return suggestions[0] if suggestions[0].confidence >= jurisdiction.text.overrule else None
    for one in suggestions:
        if words.found(_category(one, jurisdiction).prevailing):
            return one
    together: dict[str | None, list[Suggestion]] = {}
    for one in suggestions:
        if one.confidence < WORTH_A_RULE and together:
            break
        rule = rule_for(one.service_code)
        together.setdefault(rule.agency if rule else None, []).append(one)
    leading = max(together.values(), key=lambda ones: sum(one.confidence for one in ones))
    if sum(one.confidence for one in leading) < jurisdiction.text.confidence:
        return None
    near = [one for one in leading if one.confidence >= AS_LIKELY * leading[0].confidence]
    hidden = (one for one in near if _category(one, jurisdiction).visibility != "public")
    return next(hidden, near[0])


def _category(suggestion: Suggestion, jurisdiction: Jurisdiction) -> Category:
    return jurisdiction.category_by_code[suggestion.service_code]


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
        and (not (when.weekdays or when.hours) or _at(when, facts.created_at))
    )


def _at(when: When, created_at: datetime | None) -> bool:
    """Tell whether a complaint came on one of the weekdays and within one of the hours, WIB."""
    if created_at is None:
        return False
    local = created_at.astimezone(WIB)
    time = f"{local:%H:%M}"
    return (not when.weekdays or _WEEKDAYS[local.weekday()] in when.weekdays) and (
        not when.hours or any(_within(time, *span.split("-")) for span in when.hours)
    )


def _within(time: str, start: str, end: str) -> bool:
    return start <= time < end if start < end else time >= start or time < end


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
        category = _category(suggestion, jurisdiction)
        name = category.name
        if prevailing := words.found(category.prevailing):
            id_parts.append(f"Kata {_quoted(prevailing)} menentukan kategori {name.id}.")
            en_parts.append(f"The words {_quoted(prevailing)} decide the category {name.en}.")
        else:
            listed, sure = _quoted(suggestion.words), f"{suggestion.confidence:.0%}"
            id_parts.append(f"Kata {listed} menunjuk pada kategori {name.id} ({sure}).")
            en_parts.append(f"The words {listed} point to the category {name.en} ({sure}).")
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
    likely = suggestions[:MOST_SUGGESTIONS]
    names = [_category(one, jurisdiction).name for one in likely]
    shares = [f"({one.confidence:.0%})" for one in likely]
    return Text(
        id=f"Belum pasti; kemungkinan: {_listed([name.id for name in names], shares)}.",
        en=f"Not certain; it may be: {_listed([name.en for name in names], shares)}.",
    )


def _why_not_again(agency: str, jurisdiction: Jurisdiction) -> Text:
    own = jurisdiction.agency_by_code.get(agency)
    name = own.short_name if own else agency
    return Text(
        id=f"{name} sudah mengembalikan laporan ini; petugas akan memilah.",
        en=f"{name} has given this back before; an operator will sort it.",
    )


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"“{word.removesuffix('*')}”" for word in words[:5])


def _listed(names: Sequence[str], shares: Sequence[str]) -> str:
    return ", ".join(f"{name} {share}" for name, share in zip(names, shares, strict=True))
