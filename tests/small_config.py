"""Two small jurisdictions, so that a test of a rule does not hang on what `config/` says today."""

from datetime import UTC, datetime
from typing import Any

from shared.alerts import Alerts, Asking, Telling
from shared.complaints.law import Action
from shared.deadlines import Deadlines, Delay, Escalation, Span
from shared.desk import AnswerTemplate, Desk, Outcome, Reason
from shared.jurisdiction import (
    Agency,
    Area,
    Attribute,
    AttributeValue,
    Category,
    Jurisdiction,
    Language,
    Rule,
    TextThresholds,
    When,
)
from shared.notices import DATED, NOTED, HeadNotice, Notice, Notices, Occasion
from shared.terms import Changeset
from shared.text import Text


def _same(text: str) -> Text:
    return Text(f"{text} (id)", f"{text} (en)")


def _agency(code: str, **changes: Any) -> Agency:
    return Agency(code=code, name=_same(code), short_name=code.upper(), **changes)


_DEADLINES = Deadlines(
    dispatch=Span(working_days=3, source="PermenPANRB 62/2018"),
    legal={
        "information": Span(working_days=5, source="PermenPANRB 62/2018"),
        "complaint": Span(working_days=14, source="PermenPANRB 62/2018"),
        "supervision": Span(working_days=60, source="PermenPANRB 62/2018"),
    },
    promise={"complaint": Span(hours=48, source="the city's own promise")},
    close=Span(working_days=10, source="SP4N-LAPOR!"),
    escalation=Escalation(
        warn_before=Delay(hours=24),
        head_after=Delay(),
        triage_after=Delay(working_days=1),
        public_after=Delay(working_days=3),
    ),
)
_LANGUAGE = Language(spelling={"jln": "jalan"}, stop_words=frozenset({"di", "yang"}))
_CHANGESETS = {
    name: Changeset(at=datetime(2026, 11, 20, 5, tzinfo=UTC), services="0" * 16)
    for name in ("jateng", "semarang")
}
_HOLIDAYS = frozenset({"2026-12-24", "2026-12-25", "2027-01-01"})


def _notice(occasion: Occasion) -> Notice:
    """Return texts that say everything they may, each once."""
    until = " until $until" if occasion in DATED else ""
    note = "\nnote $note" if occasion in NOTED else ""
    stop = " stop $stop" if occasion is Occasion.RECEIVED else ""
    return Notice(
        subject=_same(f"{occasion} $number"),
        body=_same(f"{occasion} $number{until}"),
        details=_same(f"category $category\nagency $agency{note}"),
        sms=None
        if occasion in {Occasion.ASSIGNED, Occasion.PHOTO_REJECTED}
        else _same(f"{occasion} $number{until} $link{stop}"),
    )


NOTICES = Notices(
    follow=_same("follow $link"),
    footer=_same("stop $stop"),
    texts={occasion: _notice(occasion) for occasion in Occasion},
    head=HeadNotice(subject=_same("late $number"), body=_same("$agency $number $until $link")),
)

ALERTS = Alerts(
    per_address=2,
    per_day=2,
    sms_per_day=1,
    all_categories=_same("all"),
    asking=Asking(
        subject=_same("asking $category"),
        body=_same("$category $radius m $hours h $link"),
        sms=_same("asking $radius $link"),
    ),
    telling=Telling(
        subject=_same("new $category $distance m"),
        body=_same("$category $distance m: $text $number $link"),
        sms=_same("new $category $link stop $stop"),
        last=_same("last"),
    ),
    footer=_same("stop $stop"),
)

DESK = Desk(
    owe_days=30,
    reasons=(
        Reason(code="proses-hukum", text=_same("Di pengadilan"), basis=_same("Lingkup SP4N")),
        Reason(code="bukan-laporan", text=_same("Bukan laporan"), basis=_same("Permen 62/2018")),
    ),
    outcomes=(
        Outcome(code="diperbaiki", text=_same("Diperbaiki")),
        Outcome(code="diganti", text=_same("Diganti")),
    ),
    templates=(
        AnswerTemplate(
            code="selesai",
            actions=(Action.RESOLVE,),
            text=Text("$number ($category) beres. $agency", "$number ($category) done. $agency"),
        ),
        AnswerTemplate(
            code="janji",
            actions=(Action.SCHEDULE, Action.RESOLVE_CONDITIONALLY),
            text=Text("Paling lambat $until. $agency", "By $until. $agency"),
        ),
    ),
)

SEMARANG = Jurisdiction(
    id="semarang",
    default=True,
    name=Text("Kota Semarang", "Semarang City"),
    id_prefix="SMG",
    triage="semarang-diskominfo",
    handoffs=("jateng-sp4n",),
    agencies=(
        _agency("semarang-dpu", http_twin=True),
        _agency("semarang-dlh", http_twin=True, head_email="kepala@dlh.example"),
        _agency("semarang-inspektorat"),
        _agency("semarang-pasar", retired=True),
        _agency("semarang-diskominfo"),
    ),
    attributes=(
        Attribute(
            code="pemilik_jalan",
            description=_same("Jalan siapa?"),
            datatype="singlevaluelist",
            values=(
                AttributeValue(key="kota", name=_same("Kota")),
                AttributeValue(key="provinsi", name=_same("Provinsi")),
            ),
        ),
        Attribute(code="patokan", description=_same("Patokan"), datatype="string"),
    ),
    categories=(
        Category(
            service_code="jalan-rusak",
            name=Text("Jalan rusak", "Damaged road"),
            description=_same("Lubang dan retak"),
            group=Text("Jalan", "Roads"),
            keywords=("jalan berlubang", "aspal*"),
            laporgub_class="infrastruktur",
            attributes=("pemilik_jalan", "patokan"),
        ),
        Category(
            service_code="sampah",
            name=Text("Sampah", "Waste"),
            description=_same("Sampah menumpuk"),
            group=Text("Lingkungan", "Environment"),
            keywords=("sampah",),
            laporgub_class="lingkungan",
        ),
        Category(
            service_code="pungli",
            name=Text("Pungutan liar", "Illegal levies"),
            description=_same("Diminta uang"),
            group=Text("Lingkungan", "Environment"),
            keywords=("pungli",),
            laporgub_class="saberpungli",
            visibility="secret",
            deadline_class="supervision",
        ),
        Category(
            service_code="lainnya",
            name=Text("Lainnya", "Something else"),
            description=_same("Lain-lain"),
            group=Text("Lainnya", "Others"),
            keywords=(),
            laporgub_class="kategori lain-lain",
            other=True,
        ),
    ),
    text=TextThresholds(confidence=0.5),
    rules=(
        Rule(
            id="jalan",
            when=When(category=("jalan-rusak",)),
            agency="semarang-dpu",
            because=Text("Jalan kota milik DPU.", "City roads are DPU's."),
        ),
        Rule(
            id="sampah",
            when=When(category=("sampah",)),
            agency="semarang-dlh",
            because=Text("Sampah urusan DLH.", "Waste is DLH's."),
        ),
        Rule(
            id="pungli",
            when=When(category=("pungli",)),
            agency="semarang-inspektorat",
            because=Text("Pungli urusan Inspektorat.", "Levies are the inspectorate's."),
        ),
    ),
    deadlines=_DEADLINES,
    areas=(Area(code="kota-semarang", name="Kota Semarang", aliases=("semarang",)),),
    language=_LANGUAGE,
    holidays=_HOLIDAYS,
    desk=DESK,
    notices=NOTICES,
    alerts=ALERTS,
    contact="Diskominfo",
    changesets=_CHANGESETS,
)

JATENG = Jurisdiction(
    id="jateng",
    name=Text("Jawa Tengah", "Central Java"),
    id_prefix="JTG",
    triage="jateng-diskominfo",
    agencies=(
        _agency("jateng-dpubmck", http_twin=True),
        _agency("jateng-sp4n", external=True),
        _agency("jateng-diskominfo"),
    ),
    categories=(
        Category(
            service_code="jalan-rusak",
            name=Text("Jalan rusak", "Damaged road"),
            description=_same("Lubang dan retak"),
            group=Text("Jalan", "Roads"),
            keywords=("jalan berlubang",),
            laporgub_class="infrastruktur",
        ),
    ),
    text=TextThresholds(confidence=0.5),
    rules=(
        Rule(
            id="jalan",
            when=When(category=("jalan-rusak",)),
            agency="jateng-dpubmck",
            because=Text("Jalan provinsi milik DPUBMCK.", "Provincial roads are DPUBMCK's."),
        ),
    ),
    deadlines=_DEADLINES,
    areas=(),
    language=_LANGUAGE,
    holidays=_HOLIDAYS,
    contact="Diskominfo",
    changesets=_CHANGESETS,
)

JURISDICTIONS = {one.id: one for one in (JATENG, SEMARANG)}


def changed(jurisdiction: Jurisdiction, **changes: Any) -> Jurisdiction:
    """Return a jurisdiction with other values; unlike a copy, it has derived nothing yet."""
    fields = {name: getattr(jurisdiction, name) for name in Jurisdiction.model_fields}
    return Jurisdiction.model_construct(**(fields | changes))
