"""The first page of a report: the form that a sticker in a vehicle opens."""

from html import escape
from http import HTTPStatus
from itertools import groupby
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response

from functions.complaint_intake.pages import fields, shell
from functions.complaint_intake.pages.fields import Values
from functions.complaint_intake.pages.report import ANSWER, FIRST_PAGE, Report
from shared import config
from shared.jurisdiction import Jurisdiction

_EMPTY: Values = {}
_COOKIE = (
    "Halaman ini menaruh satu kuki acak di gawai Anda, agar satu gawai tidak terhitung dua kali."
    " Kuki itu tidak memuat data tentang Anda."
)


def page(
    report: Report,
    key: str,
    errors: Values = _EMPTY,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Values = _EMPTY,
) -> Response[str]:
    """Return the form, filled with what was typed; errors stand beside their fields."""
    carried = {
        "key": key,
        "jurisdiction_id": report.jurisdiction.id,
        **{
            name: value
            for name, value in report.typed.items()
            if name == "supported" or name.startswith(ANSWER)
        },
    }
    body = (
        fields.unplaced(errors, FIRST_PAGE)
        + _invitation(report)
        + '<form method="post" action="lapor">\n'
        + fields.hidden(carried)
        + _what_and_where(report, errors)
        + _who(report.values, errors)
        + '<p class="away" aria-hidden="true"><label>Jangan diisi<input name="website"'
        f' value="{escape(report.values.get("website", ""))}" tabindex="-1" autocomplete="off">'
        "</label></p>\n<button>Kirim laporan</button>\n</form>\n"
        f"<p><small>{_COOKIE}</small></p>\n"
        '<p>Sudah melapor? <a href="lacak">Lihat laporan Anda</a>.'
        ' Keadaan darurat? Hubungi <a href="tel:112">112</a>.</p>'
    )
    title = "Perlu diperbaiki: Lapor" if errors else "Lapor"
    return shell.page("Lapor", body, status, title=title, headers=headers)


def _invitation(report: Report) -> str:
    vehicle = {"v": report.values["vehicle_code"]} if report.values.get("vehicle_code") else {}
    others = " ".join(
        _link(config.load(one), vehicle)
        for one in config.jurisdiction_ids()
        if one != report.jurisdiction.id
    )
    return f"<p>Laporan untuk {escape(report.jurisdiction.name.id)}. {others}</p>\n"


def _link(jurisdiction: Jurisdiction, vehicle: Values) -> str:
    url = "lapor?" + urlencode({"jurisdiction_id": jurisdiction.id, **vehicle})
    return f'<a href="{escape(url)}">Lapor ke {escape(jurisdiction.name.id)}?</a>'


def _what_and_where(report: Report, errors: Values) -> str:
    values = report.values
    return (
        fields.area(
            "description",
            "Apa yang terjadi?",
            values,
            errors,
            longest=4000,
            more=" required",
        )
        + fields.choice("service_code", "Tentang apa?", _categories(report), errors)
        + fields.line(
            "address_string",
            "Di mana?",
            values,
            errors,
            longest=300,
            hint="Nama jalan, kelurahan, patokan",
        )
        + fields.line(
            "location",
            "Titik di peta (boleh kosong)",
            values,
            errors,
            longest=2000,
            hint="Tempel koordinat atau tautan dari tombol Bagikan di aplikasi peta",
        )
        + fields.line(
            "vehicle_code",
            "Kode kendaraan",
            values,
            errors,
            longest=32,
            hint="Bila melapor dari kendaraan",
            more=' autocapitalize="characters" autocomplete="off"',
        )
    )


def _who(values: Values, errors: Values) -> str:
    return (
        "<fieldset><legend>Tentang Anda (boleh kosong)</legend>\n"
        + fields.check(
            "anonymous",
            "1",
            "Lapor tanpa nama; data di bawah tidak disimpan",
            checked="anonymous" in values,
        )
        + fields.line("name", "Nama", values, errors, longest=100, more=' autocomplete="name"')
        + fields.line(
            "phone",
            "Nomor HP",
            values,
            errors,
            longest=30,
            more=' type="tel" autocomplete="tel"',
        )
        + fields.line(
            "email",
            "Surel",
            values,
            errors,
            longest=254,
            more=' type="email" autocomplete="email"',
        )
        + fields.check("share", "1", "Dinas boleh menghubungi saya", checked="share" in values)
        + "</fieldset>\n"
    )


def _categories(report: Report) -> str:
    chosen = report.values.get("service_code")
    options = [fields.option("", "Tidak tahu, pilihkan")]
    for group, members in groupby(report.jurisdiction.categories, key=lambda one: one.group.id):
        options.append(f'<optgroup label="{escape(group)}">')
        options.extend(
            fields.option(one.service_code, one.name.id, chosen=one.service_code == chosen)
            for one in members
        )
        options.append("</optgroup>")
    return "".join(options)
