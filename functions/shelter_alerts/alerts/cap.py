"""Alerts in the Common Alerting Protocol 1.2 (OASIS), and the Atom feed that lists them.

A message names the one before it as its reference: whoever follows Alert, Update and Cancel
replaces one by the next. Times have an offset in figures and no fractions, as the schema wants.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from xml.etree import ElementTree as ET

from functions.shelter_alerts.alerts.messages import AlertSaidV1
from functions.shelter_alerts.alerts.payload import dedup_key
from functions.shelter_alerts.configuration import Shelter, jurisdiction_of
from functions.shelter_alerts.items import as_text, instant
from shared.clock import WIB
from shared.text import Text

CAP: Final = "urn:oasis:names:tc:emergency:cap:1.2"
ATOM: Final = "http://www.w3.org/2005/Atom"
MEDIA_TYPE: Final = "application/cap+xml"
#: What was said holds so long, unless something newer is said.
_HOLDS: Final = timedelta(hours=24)
_IDENTIFIER: Final = re.compile(
    r"(?P<shelter>[a-z0-9-]{1,64})\.(?P<seq>[0-9]{1,9})\.(?P<at>[0-9]{13})"
)

_KINDS: Final = {"trigger": "Alert", "update": "Update", "resolve": "Cancel"}
#: Urgency, severity and certainty of each state.
_GRAVITY: Final = {
    "normal": ("Past", "Minor", "Observed"),
    "warning": ("Expected", "Minor", "Observed"),
    "full": ("Immediate", "Moderate", "Observed"),
    "over": ("Immediate", "Severe", "Observed"),
    "unknown": ("Unknown", "Unknown", "Unknown"),
}
_LANGUAGES: Final = (("id", "id-ID"), ("en", "en-US"))
_EVENTS: Final = {
    "normal": Text("Titik kumpul kembali normal", "Shelter back to normal"),
    "warning": Text("Titik kumpul hampir penuh", "Shelter nearly full"),
    "full": Text("Titik kumpul penuh", "Shelter full"),
    "over": Text("Titik kumpul melebihi kapasitas", "Shelter over capacity"),
    "unknown": Text("Keadaan titik kumpul tidak diketahui", "State of shelter unknown"),
}
_AVOID: Final = Text(
    "Tunggu di titik kumpul lain yang masih lapang.", "Wait at another shelter that has room."
)
_TYPES: Final = {"motorcycle": Text("sepeda motor", "motorcycles"), "car": Text("mobil", "cars")}


def sender_of(jurisdiction_id: str) -> str:
    """Return the name of who sends a jurisdiction's messages."""
    return f"urn:simpul:{jurisdiction_id}"


def identifier_of(shelter_id: str, seq: int, at_ms: int) -> str:
    """Return the name of a message; the time in it tells where it is kept."""
    return f"{shelter_id}.{seq}.{at_ms}"


def kept_at(identifier: str) -> tuple[str, str] | None:
    """Return the jurisdiction and the time (`as_text`) under which a message is kept, if it is one."""
    found = _IDENTIFIER.fullmatch(identifier)
    return (jurisdiction_of(found["shelter"]), as_text(int(found["at"]))) if found else None


def sent_at(at_ms: int) -> str:
    """Return a time as CAP writes it: `2026-11-20T12:00:30+07:00`."""
    return instant(at_ms).astimezone(WIB).isoformat(timespec="seconds")


def message(said: AlertSaidV1, shelter: Shelter) -> str:
    """Return a message as XML."""
    jurisdiction_id = jurisdiction_of(shelter.id)
    sender = sender_of(jurisdiction_id)
    alert = ET.Element("alert", {"xmlns": CAP})
    _add(alert, "identifier", identifier_of(shelter.id, said["seq"], said["at_ms"]))
    _add(alert, "sender", sender)
    _add(alert, "sent", sent_at(said["at_ms"]))
    _add(alert, "status", "Actual")
    _add(alert, "msgType", _KINDS[said["action"]])
    _add(alert, "scope", "Public")
    if said["follows"]:
        seq, at_ms = said["follows"]
        before = identifier_of(shelter.id, seq, at_ms)
        _add(alert, "references", f"{sender},{before},{sent_at(at_ms)}")
    for language, tag in _LANGUAGES:
        _add_info(alert, said, shelter, language, tag)
    return ET.tostring(alert, encoding="unicode", xml_declaration=True)


def feed(messages: Iterable[tuple[str, str]], *, url: str, updated_ms: int) -> str:
    """Return the Atom feed of messages (identifier, XML), in the order given."""
    root = ET.Element("feed", {"xmlns": ATOM})
    _add(root, "id", url)
    _add(root, "title", "Titik kumpul · Shelters")
    _add(root, "updated", sent_at(updated_ms))
    ET.SubElement(root, "link", {"rel": "self", "href": url})
    for identifier, text in messages:
        alert = ET.fromstring(text)  # noqa: S314 (written by us)
        entry = ET.SubElement(root, "entry")
        _add(entry, "id", f"{url}/{identifier}")
        _add(entry, "title", _told(alert, "info/headline"))
        _add(entry, "updated", _told(alert, "sent"))
        author = ET.SubElement(entry, "author")
        _add(author, "name", _told(alert, "sender"))
        link = {"rel": "alternate", "type": MEDIA_TYPE, "href": f"{url}/{identifier}"}
        ET.SubElement(entry, "link", link)
        content = ET.SubElement(entry, "content", {"type": MEDIA_TYPE})
        content.append(alert)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


def _add_info(
    alert: ET.Element, said: AlertSaidV1, shelter: Shelter, language: str, tag: str
) -> None:
    info = ET.SubElement(alert, "info")
    over = said["action"] == "resolve"
    urgency, severity, certainty = _GRAVITY[said["state"]]
    event = _EVENTS[said["state"]].in_language(language)
    name = shelter.name.in_language(language)
    _add(info, "language", tag)
    _add(info, "category", "Transport")
    _add(info, "event", event)
    _add(info, "responseType", "AllClear" if over else "Avoid")
    _add(info, "urgency", urgency)
    _add(info, "severity", severity)
    _add(info, "certainty", certainty)
    _add(info, "onset", sent_at(said["since_ms"]))
    held = instant(said["at_ms"]) + _HOLDS
    _add(info, "expires", held.astimezone(WIB).isoformat(timespec="seconds"))
    _add(info, "headline", f"{event}: {name}")
    _add(info, "description", _counts(said, language))
    if not over:
        _add(info, "instruction", _AVOID.in_language(language))
    for key, value in (
        ("dedup_key", dedup_key(shelter.id)),
        ("seq", str(said["seq"])),
        ("state", said["state"]),
        ("previous_state", said["previous_state"]),
    ):
        parameter = ET.SubElement(info, "parameter")
        _add(parameter, "valueName", key)
        _add(parameter, "value", value)
    area = ET.SubElement(info, "area")
    _add(area, "areaDesc", f"{name}, {shelter.district}")
    _add(area, "polygon", " ".join(f"{lat},{lng}" for lat, lng in shelter.fence))


def _counts(said: AlertSaidV1, language: str) -> str:
    counts = (
        f"{_TYPES[each].in_language(language)} {said['occupancy'].get(each, 0)}/{capacity}"
        for each, capacity in said["capacity"].items()
    )
    return ", ".join(counts)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _told(alert: ET.Element, path: str) -> str:
    steps = "/".join(f"{{{CAP}}}{step}" for step in path.split("/"))
    return alert.findtext(steps) or ""
