"""What a jurisdiction is: its agencies, categories, rules and promises, as configuration names them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from shared.alerts import Alerts
from shared.deadlines import DeadlineClass, Deadlines
from shared.desk import Desk
from shared.notices import Notices
from shared.terms import LARGEST_RADIUS_M, Abuse, Changeset, Delivery, Dialogue, Open311, Retention
from shared.text import Text

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=48)]
#: Without a dash, since an agency's code is read back to it up to the first.
JurisdictionId = Annotated[str, Field(pattern=r"^[a-z0-9]+$", max_length=24)]
#: An agency's role is called `simpul-<stage>-agency-<code>`, and IAM takes 64 characters.
LONGEST_AGENCY_CODE: Final = 44
AgencyCode = Annotated[
    str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)+$", max_length=LONGEST_AGENCY_CODE)
]
Visibility = Literal["public", "private", "secret"]
Kind = Literal["complaint", "aspiration", "information"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
#: A span of the day, its end not included; it may go past midnight: "22:00-05:00".
Hours = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")]
#: Roughly an address of e-mail; what can never be sent to is told from it when sending.
Mailbox = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
#: The longest phrase, in words, that is looked for in a text.
LONGEST_PHRASE: Final = 4


def _findable(keyword: str) -> str:
    if (words := len(keyword.split())) > LONGEST_PHRASE:
        raise ValueError(f"{keyword!r} has {words} words; shorten it to {LONGEST_PHRASE} or fewer")
    return keyword


#: A word or phrase that a text may hold; a trailing * matches any ending.
Keyword = Annotated[str, AfterValidator(_findable)]
#: A set whose JSON is the same in every build.
StrSet = Annotated[frozenset[str], PlainSerializer(sorted, return_type=list[str])]
#: The subject classes of LaporGub, the province's complaint channel, in its own spelling.
LaporgubClass = Literal[
    "infrastruktur",
    "sosial masyarakat",
    "pendidikan",
    "permades dan kependudukan",
    "energi",
    "kepegawaian",
    "lingkungan",
    "keuangan dan aset",
    "kesehatan",
    "kategori lain-lain",
    "ekonomi dan industri",
    "bencana",
    "forkominda",
    "pertanian",
    "pembangunan daerah",
    "pariwisata dan budaya",
    "saberpungli",
]


class _Model(BaseModel):
    # Built when first used, which only the whole jurisdiction is: its parts never need their own.
    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


class Agency(_Model):
    """An agency (dinas) that has a queue and works complaints."""

    code: AgencyCode
    name: Text
    short_name: str
    external: bool = False  #: outside the two governments (SP4N): handed over, not worked here
    retired: bool = False  #: keeps its queue, receives nothing new
    http_twin: bool = False  #: has a Cognito machine client, which costs money each month
    acknowledges: bool = True  #: someone there says that a complaint has arrived; else nobody waits
    principals: tuple[str, ...] = ()  #: IAM principals that may assume its role
    verified: bool = False  #: seen in public code or press, not from memory
    head_email: Mailbox | None = None  #: whoever is told there of what is overdue


class AttributeValue(_Model):
    """One of the answers that an extra question allows."""

    key: str
    name: Text
    stop: Text | None = None  #: who answers so is told this instead, and where to turn


class Attribute(_Model):
    """An extra question about a complaint, in Open311's terms."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=48)]
    description: Text
    datatype: Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
    required: bool = False  #: of those who speak Open311; our own clients may leave it open
    values: tuple[AttributeValue, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether the answer is chosen from `values`; several are joined by commas."""
        return self.datatype in {"singlevaluelist", "multivaluelist"}

    @model_validator(mode="after")
    def _a_list_has_values(self) -> "Attribute":
        if self.is_list != bool(self.values):
            raise ValueError("`values` belong to a list's datatype, and only to it")
        return self


class Category(_Model):
    """What a complaint can be about (Open311: a service)."""

    service_code: Slug
    name: Text
    description: Text
    group: Text
    keywords: tuple[Keyword, ...]  #: that point to it
    #: Those of them that hardly occur in other complaints: they weigh twice as much.
    decisive: tuple[str, ...] = ()
    #: Words that make a complaint this category's whatever else it tells of, if none was named.
    prevailing: tuple[Keyword, ...] = ()
    laporgub_class: LaporgubClass
    visibility: Visibility = "public"
    deadline_class: DeadlineClass = "complaint"
    attributes: tuple[str, ...] = ()
    notice: Text | None = None  #: to be read before submitting
    radius_m: int = Field(default=250, gt=0, le=LARGEST_RADIUS_M)  #: within it others are similar
    other: bool = False  #: "something else": says nothing itself, so the words decide


class When(_Model):
    """The conditions of a rule: all that are given must hold; of a list, any."""

    category: tuple[Slug, ...] = ()
    attributes: Mapping[str, tuple[str, ...]] = {}
    area: tuple[Slug, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    not_keywords: tuple[Keyword, ...] = ()
    kind: tuple[Kind, ...] = ()
    weekdays: tuple[Weekday, ...] = ()  #: on which it was submitted, WIB …
    hours: tuple[Hours, ...] = ()  #: … and between which times of day


class Rule(_Model):
    """If `when` holds, the complaint is `agency`'s. Rules are ordered; the first match wins."""

    id: Slug
    when: When
    agency: AgencyCode
    because: Text


class TextThresholds(_Model):
    """When the words of a complaint are clear enough to name its category. Shares are of one."""

    #: How likely an agency's categories must be together for the complaint to go there …
    confidence: float = Field(gt=0, le=1)
    #: … and one of them alone to overrule the one named.
    overrule: float = Field(default=1.0, gt=0, le=1)
    #: How many times likelier complaints of a class are here than among the texts learned from.
    prior: Mapping[LaporgubClass, Annotated[float, Field(gt=0)]] = {}


class Area(_Model):
    """A kabupaten or kota, with the names by which a text may speak of it."""

    code: Slug
    name: str
    aliases: tuple[Keyword, ...] = ()
    #: Names that mean it unless the text names another area ("Demak - Semarang").
    loose_aliases: tuple[Keyword, ...] = ()
    #: Rough boxes [lat_min, long_min, lat_max, long_max] in degrees that lie within the area.
    boxes: tuple[tuple[float, float, float, float], ...] = ()


class Language(_Model):
    """How colloquial words are read: `spelling` maps one word to the usual one."""

    spelling: Mapping[str, str]
    stop_words: StrSet = frozenset()  #: words that say nothing about the subject


class Jurisdiction(_Model):
    """One tenant's whole configuration."""

    id: JurisdictionId
    name: Text
    id_prefix: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    default: bool = False  #: whose the form is when no jurisdiction is named
    triage: AgencyCode
    handoffs: tuple[AgencyCode, ...] = ()  #: other jurisdictions' agencies it may hand over to
    agencies: tuple[Agency, ...]
    attributes: tuple[Attribute, ...] = ()
    categories: tuple[Category, ...]
    text: TextThresholds
    rules: tuple[Rule, ...]
    deadlines: Deadlines
    areas: tuple[Area, ...]
    language: Language
    holidays: StrSet  #: ISO dates, WIB
    joint_leave: StrSet = frozenset()  #: cuti bersama: days off by the joint decree of each year
    contact: str = ""  #: how to reach who runs this: an address, a telephone
    # Made when first asked for: an instance here would build its schema at import.
    dialogue: Dialogue = Field(default_factory=Dialogue)
    delivery: Delivery = Field(default_factory=Delivery)
    retention: Retention = Field(default_factory=Retention)
    abuse: Abuse = Field(default_factory=Abuse)
    desk: Desk = Field(default_factory=Desk)
    notices: Notices | None = None  #: None: reporters are told nothing
    alerts: Alerts | None = None  #: None: nobody can follow a place
    open311: Open311 = Field(default_factory=Open311)
    changesets: Mapping[str, Changeset] = {}  #: of each jurisdiction's services

    def __hash__(self) -> int:
        return hash(self.id)  # lets derived tables be cached by jurisdiction

    @cached_property
    def days_off(self) -> frozenset[str]:
        """The dates (ISO, WIB) that are no working days, weekends apart."""
        return self.holidays | self.joint_leave

    @cached_property
    def category_by_code(self) -> Mapping[str, Category]:
        """Categories by service code."""
        return {category.service_code: category for category in self.categories}

    @cached_property
    def agency_by_code(self) -> Mapping[str, Agency]:
        """Agencies by code."""
        return {agency.code: agency for agency in self.agencies}

    @cached_property
    def attribute_by_code(self) -> Mapping[str, Attribute]:
        """Attributes by code."""
        return {attribute.code: attribute for attribute in self.attributes}

    @property
    def _tells_heads(self) -> bool:
        return self.notices is not None and self.notices.head is not None

    @model_validator(mode="after")
    def _names_refer_to_what_exists(self) -> "Jurisdiction":
        own = [agency.code for agency in self.agencies]
        _unique("agency", own)
        _unique("category", [category.service_code for category in self.categories])
        _unique("attribute", [attribute.code for attribute in self.attributes])
        _unique("rule", [rule.id for rule in self.rules])
        _unique("area", [area.code for area in self.areas])
        foreign = [code for code in own if not code.startswith(f"{self.id}-")]
        _known("agency code with another jurisdiction's prefix", foreign, ())
        _known("handoff to an own agency", [code for code in self.handoffs if code in own], ())
        _known("triage", [self.triage], own)
        working = [agency.code for agency in self.agencies if not agency.retired]
        _not_retired("triage", [self.triage], working)
        if any(agency.head_email for agency in self.agencies) and not self._tells_heads:
            raise ValueError("agency with a `head_email`, but `notices.head` is missing; add it")
        for category in self.categories:
            where = f"category {category.service_code}"
            _known(f"{where}: decisive keyword", category.decisive, category.keywords)
            _known(
                f"{where}: attribute",
                category.attributes,
                self.attribute_by_code,
            )
        for rule in self.rules:
            where = f"rule {rule.id}"
            _known(f"{where}: agency", [rule.agency], [*own, *self.handoffs])
            _not_retired(f"{where}: agency", [rule.agency], [*working, *self.handoffs])
            _known(f"{where}: category", rule.when.category, self.category_by_code)
            _known(f"{where}: area", rule.when.area, [area.code for area in self.areas])
            _known(f"{where}: attribute", rule.when.attributes, self.attribute_by_code)
            for code, answers in rule.when.attributes.items():
                if allowed := [value.key for value in self.attribute_by_code[code].values]:
                    _known(f"{where}: answer to {code}", answers, allowed)
        return self


def check_handoffs(jurisdictions: Collection[Jurisdiction], giver: Jurisdiction) -> None:
    """Check that the agencies to which a jurisdiction hands over are there and still work.

    Raises:
        ValueError: one does not exist in any of `jurisdictions`, or is retired.
    """
    agencies = [agency for each in jurisdictions for agency in each.agencies]
    _known("handoff", giver.handoffs, [agency.code for agency in agencies])
    working = [agency.code for agency in agencies if not agency.retired]
    _not_retired("handoff", giver.handoffs, working)


def _not_retired(what: str, names: Iterable[str], working: Collection[str]) -> None:
    for name in names:
        if name not in working:
            remedy = "name the one that took over"
            raise ValueError(f"{what} {name!r} is retired and receives nothing new; {remedy}")


def _unique(what: str, names: Iterable[str]) -> None:
    seen = Counter(names)
    if twice := [name for name, count in seen.items() if count > 1]:
        raise ValueError(f"{what} {twice[0]!r} is defined twice; keep one")


def _known(what: str, names: Iterable[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known) or 'none'}"
            raise ValueError(f"{what} {name!r} does not exist; {hint}")
