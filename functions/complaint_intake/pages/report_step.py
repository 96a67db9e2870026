"""The second page of a report, if its category has questions or its place similar complaints."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from functions.complaint_intake.pages import fields, shell, words
from functions.complaint_intake.pages.fields import Values
from functions.complaint_intake.pages.report import ANSWER, Report
from shared.jurisdiction import Attribute

if TYPE_CHECKING:
    from functions.complaint_intake.nearby import NearbyComplaint

_NONE: Values = {}
#: So much of the report is shown again, to tell that it is not lost.
_SHORT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the second page shows: the similar complaints, and what to tell first."""

    similar: Sequence["NearbyComplaint"] = ()
    told: str = ""  #: what just happened, as plain text

    def is_called_for(self, report: Report) -> bool:
        """Tell whether there is anything to show or ask before this report is submitted."""
        notice = report.category and report.category.notice
        return bool(self.similar or report.questions or notice)


def page(
    report: Report,
    key: str,
    shown: Shown,
    errors: Values = _NONE,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Values = _NONE,
) -> Response[str]:
    """Return the page: similar complaints to join, then the category's notice and questions."""
    asked = {ANSWER + question.code for question in report.questions}
    carried = {name: value for name, value in report.typed.items() if name not in asked}
    words_of = report.values.get("description", "")
    short = words_of if len(words_of) <= _SHORT else words_of[:_SHORT] + "…"
    body = (
        fields.unplaced(errors, asked)
        + (f'<p class="told" role="status">{escape(shown.told)}</p>\n' if shown.told else "")
        + f"<p>Belum terkirim: “{escape(short)}”</p>\n"
        + '<form method="post" action="lapor">\n'
        # Enter in a field presses the first button, which must not be one of those below.
        + '<button class="away" tabindex="-1" aria-hidden="true">Kirim laporan saya</button>\n'
        + fields.hidden(carried | {"key": key, "sure": "1"})
        + _similar(report, shown.similar)
        + _notice(report)
        + "".join(_question(one, report.values, errors) for one in report.questions)
        + "<button>Kirim laporan saya</button>\n"
        '<button class="minor" name="edit" value="1" formnovalidate>Ubah isian</button>\n'
        "</form>"
    )
    title = "Perlu diperbaiki: Sebelum dikirim" if errors else "Sebelum dikirim"
    return shell.page("Sebelum dikirim", body, status, title=title, headers=headers)


def _similar(report: Report, similar: Sequence["NearbyComplaint"]) -> str:
    if not similar:
        return ""
    listed = "".join(f"<li>{_one(found, report.supported)}</li>\n" for found in similar)
    return (
        '<section aria-labelledby="s"><h2 id="s">Sudah ada laporan serupa</h2>\n'
        "<p>Bila ini masalah yang sama, cukup tekan “Saya juga”: dinas melihat berapa banyak warga"
        f" yang mengalaminya. Setelah itu halaman ini boleh ditutup.</p>\n<ul>\n{listed}</ul></section>\n"
    )


def _one(found: "NearbyComplaint", supported: Sequence[str]) -> str:
    number = escape(found.complaint_id)
    if found.complaint_id in supported:
        button = "<p><strong>Dukungan Anda tercatat.</strong></p>"
    else:
        button = (
            f'<button class="minor" name="support" value="{number}" formnovalidate>'
            f'Saya juga<span class="away"> mengalami {number}</span></button>'
        )
    count = f", {found.supporters} warga mendukung" if found.supporters else ""
    return (
        f"{escape(found.description)}<small>{number}, {found.distance_m} m dari titik Anda,"
        f" {escape(words.status(found.status).lower())}{count}</small>{button}"
    )


def _notice(report: Report) -> str:
    notice = report.category and report.category.notice
    return f'<p class="told">{escape(notice.id)}</p>\n' if notice else ""


def _question(question: Attribute, values: Values, errors: Values) -> str:
    name, label = ANSWER + question.code, question.description.id
    given = values.get(name, "")
    if question.datatype == "multivaluelist":
        boxes = "".join(
            fields.check(name, one.key, one.name.id, checked=one.key in given.split(","))
            for one in question.values
        )
        shown = fields.error(errors.get(name), name)
        return f"<fieldset><legend>{escape(label)}</legend>{shown}\n{boxes}</fieldset>\n"
    if question.is_list:
        options = fields.option("", "–") + "".join(
            fields.option(one.key, one.name.id, chosen=one.key == given) for one in question.values
        )
        return fields.choice(name, label, options, errors)
    if question.datatype == "text":
        return fields.area(name, label, values, errors, longest=500)
    more = ' inputmode="decimal"' if question.datatype == "number" else ""
    return fields.line(name, label, values, errors, longest=500, more=more)
