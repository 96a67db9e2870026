"""Work on complaints through the API as an agency or an officer: lists, details, actions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.api import Api, action_id
from cli.screen import CannotContinue, one_line, plain
from cli.signin import machine_client, machine_token, officer_token
from cli.surroundings import Surroundings
from shared import config, ids
from shared.complaints.law import Action


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works: `path` is where the API lists their work."""

    around: Surroundings
    path: str
    sign_in: Callable[[], str]

    def get(self, path: str = "", **query: str | None) -> dict[str, Any]:
        """Return what the API answers below the work list's path."""
        return self._api().get(f"{self.path}{path}", token=self.sign_in(), query=_given(query))

    def act(self, complaint_id: str, action: Action, said: Mapping[str, Any]) -> dict[str, Any]:
        """Act on a complaint as it stands now; the same again after a failure is harmless."""
        token = self.sign_in()
        found = self._api().get(f"{self.path}/{complaint_id}", token=token)
        number, version = found["complaint_id"], found["version"]
        body = {
            "action": str(action),
            "action_id": str(action_id(f"{number}:v{version}", action)),
            "expected_version": version,
            "assignment_no": found["assignment"]["no"],
            **_given(said),
        }
        return self._api().act(number, body, token=token)

    def _api(self) -> Api:
        return Api(self.around.outputs.api_url, self.around.http)


def of_agency(code: str, around: Surroundings) -> Desk:
    """Return an agency's desk: by its machine client, or by an officer where it has none."""

    def sign_in() -> str:
        if around.outputs.agency(code).client_id:
            client = machine_client(around.outputs, code, around.cognito)
            return machine_token(client, around.http)
        return officer_token(around.outputs, f"agency:{code}", around.cognito, around.http)

    return Desk(around, f"/agencies/{code}/complaints", sign_in)


def words_for(code: str, around: Surroundings, jurisdiction_id: str | None) -> dict[str, Any]:
    """Return what an agency may choose from when acting on a complaint of a jurisdiction."""
    agency = of_agency(code, around)
    there = Desk(around, f"/agencies/{code}/templates", agency.sign_in)
    return there.get(jurisdiction_id=jurisdiction_id)


def of_operator(jurisdiction_id: str, around: Surroundings) -> Desk:
    """Return a jurisdiction's triage desk."""

    def sign_in() -> str:
        group = f"operator:{jurisdiction_id}"
        return officer_token(around.outputs, group, around.cognito, around.http)

    return Desk(around, "/triage", sign_in)


def jurisdiction_of(number: str) -> str:
    """Return the jurisdiction whose numbers begin like this one.

    Raises:
        CannotContinue: there is none.
    """
    prefix = (ids.read_complaint_number(number) or number)[:3].upper()
    for one in config.jurisdiction_ids():
        if config.load(one).id_prefix == prefix:
            return one
    raise CannotContinue(
        f"Nomor `{one_line(number)}` bukan milik yurisdiksi mana pun; periksa tiga huruf awalnya. "
        "/ No jurisdiction has such numbers: check its first three letters."
    )


def listed(page: Mapping[str, Any]) -> Table:
    """Return a page of work as a table."""
    table = Table(box=None, header_style="dim")
    for name, width in (("number", 17), ("status", 8), ("category", 8), ("due (UTC)", 10)):
        table.add_column(name, no_wrap=True, min_width=width)
    table.add_column("text", no_wrap=True)
    for one in page["complaints"]:
        table.add_row(
            one_line(one["complaint_id"]),
            one_line(one["status"]) + (", hidden" if one.get("hidden") else ""),
            one_line(one.get("service_code") or "–"),
            one_line(one["due_at"])[:10],
            one_line(one["description"]),
        )
    return table


def detail(found: Mapping[str, Any]) -> Group:
    """Return a complaint with all that was done to it, by whom."""
    table = Table(show_header=False, box=None, title=one_line(found["complaint_id"]))
    assignment = found.get("assignment") or {}
    for label, value in (
        ("status", found["status"]),
        ("versi / version", found["version"]),
        ("kategori / category", found.get("service_code")),
        ("dinas / agency", assignment.get("agency")),
        ("batas / due", found.get("due_at")),
        ("dijadwalkan / planned", found.get("planned_at")),
        ("dijanjikan / owed by", found.get("owed_by")),
        ("alasan tolak / rejected for", found.get("rejected_for")),
        ("disembunyikan / hidden", "ya / yes" if found.get("hidden") else None),
        ("isi / description", found["description"]),
        ("dibaca publik / public reads", found.get("public_description")),
    ):
        if value is not None:
            table.add_row(Text(label, "dim"), Text(plain(value)))
    names = ("at", "action", "status", "role", "public_note", "internal_note", "replaced")
    steps = [
        Text("  ".join(one_line(step[name]) for name in names if step.get(name)))
        for step in found.get("timeline", [])
    ]
    return Group(table, *(Padding(step, (0, 0, 0, 2)) for step in steps))


def words(found: Mapping[str, Any]) -> Table:
    """Return templates, outcomes and reasons as one table."""
    table = Table(box=None, header_style="dim")
    for name in ("jenis / kind", "kode / code", "tindakan / actions", "isi / text"):
        table.add_column(name)
    for kind in ("templates", "outcomes", "reasons"):
        for one in found[kind]:
            text = one["text"]["id"] + (f" [{one['basis']['id']}]" if "basis" in one else "")
            actions = ", ".join(one.get("actions", ()))
            table.add_row(*map(one_line, (kind, one["code"], actions or "–", text)))
    return table


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
