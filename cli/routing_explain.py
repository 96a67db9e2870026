"""`simpul routing explain`: why a complaint with this text would go where it would go."""

from typing import Annotated, Any, Final

import typer
from rich.table import Table
from rich.text import Text

from cli.routing_reading import facts_of, jurisdiction_called
from cli.screen import CannotContinue, JsonOption, one_line, out, show_json
from functions.agency_routing import shipped, suggest
from functions.agency_routing.decide import Decision, areas_of, decide
from functions.agency_routing.suggest import Suggestion
from functions.agency_routing.text import read
from shared.jurisdiction import Jurisdiction
from shared.validation import near

#: How many categories are shown.
_SHOWN = 5
#: From here on whole percents do; what is less than the other is all the same to a reader.
_TENTH: Final = 0.1
_LEAST: Final = 0.0001


def explain(
    text: Annotated[str, typer.Argument(help="Teks aduan. / The complaint's text.")],
    lat: Annotated[float | None, typer.Option(help="Lintang. / Latitude.")] = None,
    lng: Annotated[float | None, typer.Option(help="Bujur. / Longitude.")] = None,
    category: Annotated[
        str | None, typer.Option(help="Kategori pilihan warga. / The category named.")
    ] = None,
    jurisdiction: Annotated[
        str, typer.Option("--jurisdiction", "-j", help="semarang, jateng")
    ] = "semarang",
    as_json: JsonOption = False,
) -> None:
    """Jelaskan ke mana sebuah aduan akan diteruskan. / Explain where a complaint would go."""
    where = jurisdiction_called(jurisdiction)
    _check(lat, lng, category, where)
    facts = facts_of(text, service_code=category, lat=lat, long=lng)
    words = read(text, where.language.spelling)
    decision = decide(facts, where)
    ranked = suggest.ranked(words, where, shipped.classifier())[:_SHOWN]
    areas = sorted(areas_of(facts, words, where))
    if as_json:
        show_json(_told(decision, ranked, areas, where))
    else:
        _show(decision, ranked, areas, where)


def _check(lat: float | None, lng: float | None, category: str | None, where: Jurisdiction) -> None:
    """Check what is given beside the text.

    Raises:
        CannotContinue: half a place is given, one that is none, or a category that there is not.
    """
    if (lat is None) is not (lng is None):
        raise CannotContinue("Beri --lat dan --lng dua-duanya. / Give both --lat and --lng.")
    for name, degrees, most in (("lat", lat, 90), ("lng", lng, 180)):
        if degrees is not None and not -most <= degrees <= most:
            raise CannotContinue(
                f"--{name} {degrees}: tulis derajat dari -{most} sampai {most}. "
                "/ Give degrees within these bounds."
            )
    if category is not None and category not in where.category_by_code:
        meant = near(category, tuple(where.category_by_code))
        hint = f"; maksudnya `{meant}`" if meant else ""
        raise CannotContinue(
            f"Kategori `{category}` tidak dikenal{hint}. / There is no such category."
        )


def _told(
    decision: Decision, ranked: list[Suggestion], areas: list[str], where: Jurisdiction
) -> dict[str, Any]:
    chosen = next((one for one in ranked if one.service_code == decision.service_code), None)
    return {
        "jurisdiction": where.id,
        "agency": decision.agency,
        "service_code": decision.service_code,
        "rule": decision.rule,
        "because": {"id": decision.because.id, "en": decision.because.en},
        "confidence": _digits(chosen.confidence) if chosen else None,
        "threshold": where.text.confidence,
        "words": list(chosen.words) if chosen else [],
        "areas": areas,
        "alternatives": [
            {
                "service_code": one.service_code,
                "confidence": _digits(one.confidence),
                "words": list(one.words),
            }
            for one in ranked
            if one is not chosen
        ],
    }


def _show(
    decision: Decision, ranked: list[Suggestion], areas: list[str], where: Jurisdiction
) -> None:
    rows = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for title, value in (
        ("dinas / agency", decision.agency),
        ("kategori / category", decision.service_code or "–"),
        ("aturan / rule", decision.rule),
        ("sebab", decision.because.id),
        ("because", decision.because.en),
        ("wilayah / areas", ", ".join(areas) or "–"),
    ):
        rows.add_row(Text(title, style="dim"), Text(one_line(value)))
    out.print(rows)
    if not ranked:
        return
    shares = Table("menurut teks / by the text", "≈", "kata / words", box=None)
    for one in ranked:
        name = where.category_by_code[one.service_code].name.id
        words = Text(one_line(", ".join(one.words)))
        shares.add_row(Text(f"{one.service_code} ({name})"), percent(one.confidence), words)
    out.print()
    out.print(shares)


def percent(share: float) -> str:
    """Return a share of one in percent: two digits that say something, however small it is."""
    if share and share < _LEAST:
        return f"< {_LEAST:.2%}"
    return f"{share:.0%}" if share >= _TENTH else f"{float(f'{100 * share:.2g}'):g}%"


def _digits(share: float) -> float:
    return float(f"{share:.4g}")
