"""Puts alerts into words: from configuration's templates, and the beginning of a public complaint.

Unlike other notices they repeat what a stranger wrote: masked as everyone may read it, without
links, and only to who asked for it from this very address.
"""

import re
from string import Template
from typing import Final

from functions.complaint_intake.alerts.subscription import Subscription
from functions.complaint_intake.nearby import shortened
from functions.complaint_intake.notices.wording import Links
from shared.alerts import LONGEST_CATEGORY, Alerts
from shared.complaints.record import Complaint
from shared.gsm import unsendable
from shared.jurisdiction import Jurisdiction
from shared.masking import masked
from shared.messengers.mail import Email
from shared.text import Text

_LINK = re.compile(r"\b(?:[a-z][a-z+.-]{1,20}://|www\.)\S+", re.IGNORECASE)
#: What programs make a link of, though it begins like none: "judi.example/x".
_BARE_LINK = re.compile(r"(?<![\w.@-])(?:[\w-]+\.)+[a-z]{2,20}(?:/\S*)?(?![\w.-])", re.IGNORECASE)
NO_LINK: Final = "[tautan dihapus]"


def links(base_url: str, path: str, alert_id: str, stop_token: str) -> Links:
    """Return where a message leads: to `path`, and to the page that stops this alert."""
    return Links(
        follow=f"{base_url}/{path}", stop=f"{base_url}/alerts/stop?a={alert_id}&t={stop_token}"
    )


def asking_email(one: Subscription, to: Links, jurisdiction: Jurisdiction, terms: Alerts) -> Email:
    """Return the e-mail by which an address is asked whether it wishes to be told."""
    values = _asked(one, jurisdiction, terms)
    asking = terms.asking
    return Email(
        subject=_said(asking.subject, one, values),
        text=_with_footer(_said(asking.body, one, values | {"link": to.follow}), one, to, terms),
    )


def asking_sms(one: Subscription, to: Links, jurisdiction: Jurisdiction, terms: Alerts) -> str:
    """Return the same as a text message."""
    values = _asked(one, jurisdiction, terms)
    values["category"] = _plain(values["category"])
    return _said(terms.asking.sms, one, values | {"link": to.follow})


def telling_email(
    one: Subscription,
    complaint: Complaint,
    to: Links,
    jurisdiction: Jurisdiction,
    terms: Alerts,
    *,
    last: bool,
) -> Email:
    """Return the e-mail that tells of a complaint near by; `last`: no more will come today."""
    values = _told(one, complaint, jurisdiction, terms)
    text = values | {"text": public_text(complaint), "link": to.follow}
    body = _said(terms.telling.body, one, text)
    if last:
        body += "\n\n" + terms.telling.last.in_language(one.language).strip()
    return Email(
        subject=_said(terms.telling.subject, one, values),
        text=_with_footer(body, one, to, terms),
    )


def telling_sms(
    one: Subscription, complaint: Complaint, to: Links, jurisdiction: Jurisdiction, terms: Alerts
) -> str:
    """Return the same as a text message, without a word of the complaint's."""
    values = _told(one, complaint, jurisdiction, terms)
    values["category"] = _plain(values["category"])
    return _said(terms.telling.sms, one, values | {"link": to.follow, "stop": to.stop})


def public_text(complaint: Complaint) -> str:
    """Return how a complaint begins, as anyone may read it, and nothing in it to click on."""
    text = masked(complaint.public_description or complaint.description)
    return shortened(_BARE_LINK.sub(NO_LINK, _LINK.sub(NO_LINK, text)))


def category_name(
    code: str | None, jurisdiction: Jurisdiction, terms: Alerts, language: str
) -> str:
    """Return what a subscription or a complaint is about."""
    category = jurisdiction.category_by_code.get(code or "")
    return (category.name if category else terms.all_categories).in_language(language)


def _asked(one: Subscription, jurisdiction: Jurisdiction, terms: Alerts) -> dict[str, str]:
    return {
        "radius": str(one.radius_m),
        "category": category_name(one.service_code, jurisdiction, terms, one.language),
        "hours": str(terms.confirm_hours),
    }


def _told(
    one: Subscription, complaint: Complaint, jurisdiction: Jurisdiction, terms: Alerts
) -> dict[str, str]:
    return {
        "category": category_name(complaint.service_code, jurisdiction, terms, one.language),
        "distance": str(round(one.away_m(complaint) or 0, -1)).removesuffix(".0"),
        "number": complaint.complaint_id,
    }


def _plain(name: str) -> str:
    """Return a category's name as text messages can say it."""
    missing = str.maketrans(dict.fromkeys(unsendable(name), " "))
    return name.translate(missing)[:LONGEST_CATEGORY]


def _with_footer(body: str, one: Subscription, to: Links, terms: Alerts) -> str:
    return f"{body}\n\n-- \n{_said(terms.footer, one, {'stop': to.stop})}\n"


def _said(text: Text, one: Subscription, values: dict[str, str]) -> str:
    return Template(text.in_language(one.language)).substitute(values).strip()
