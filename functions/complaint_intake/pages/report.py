"""What a person has typed into the report so far, carried from page to page and never lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import ValidationError

from functions.complaint_intake import location
from functions.complaint_intake.submission import Submission
from shared import config
from shared.errors import InvalidInput
from shared.jurisdiction import Attribute, Category, Jurisdiction
from shared.validation import faults_of

TEXT_FIELDS = ("service_code", "description", "address_string", "vehicle_code")
CONTACT_FIELDS = ("name", "phone", "email")
#: What answers to a category's extra questions are called.
ANSWER = "a."
#: Fields of the first page, in its order.
FIRST_PAGE = (
    "description",
    "service_code",
    "address_string",
    "location",
    "vehicle_code",
    "anonymous",
    *CONTACT_FIELDS,
    "share",
    "website",
)
#: What is carried along besides.
_CARRIED = ("key", "jurisdiction_id", "supported")


@dataclass(frozen=True)
class Report:
    """The fields that a browser sent, and what they mean."""

    values: Mapping[str, str]

    @cached_property
    def jurisdiction(self) -> Jurisdiction:
        """The tenant named, or else the one that is asked when none is."""
        tenants = [config.load(one) for one in config.jurisdiction_ids()]
        named = self.values.get("jurisdiction_id", "")
        return next(
            (one for one in tenants if one.id == named),
            next((one for one in tenants if one.default), tenants[0]),
        )

    @property
    def category(self) -> Category | None:
        """The category chosen, if there is one of that code."""
        return self.jurisdiction.category_by_code.get(self.values.get("service_code", ""))

    @property
    def questions(self) -> tuple[Attribute, ...]:
        """The extra questions of the category."""
        known = self.jurisdiction.attribute_by_code
        return tuple(known[code] for code in self.category.attributes) if self.category else ()

    @property
    def supported(self) -> tuple[str, ...]:
        """The numbers of the similar complaints that this person has joined."""
        return tuple(filter(None, self.values.get("supported", "").split(",")))

    @property
    def typed(self) -> Mapping[str, str]:
        """All that a later page must carry along, so that nothing is lost."""
        return {
            name: value
            for name, value in self.values.items()
            if name in (*_CARRIED, *FIRST_PAGE) or name.startswith(ANSWER)
        }

    def submission(self, device: str | None) -> Submission:
        """Return what is to be submitted.

        Raises:
            InvalidInput: something is missing or not possible; faults are named as the fields.
        """
        values = self.values
        contact = {name: values[name] for name in CONTACT_FIELDS if name in values}
        answers = {
            one.code: values[ANSWER + one.code]
            for one in self.questions
            if ANSWER + one.code in values
        }
        place = location.read(values["location"]) if "location" in values else None
        body = {
            "jurisdiction_id": values.get("jurisdiction_id", ""),
            **{name: values[name] for name in TEXT_FIELDS if name in values},
            **({"lat": place.lat, "long": place.long} if place else {}),
            "attributes": answers,
            "anonymous": "anonymous" in values,
            "contact": {**contact, "notify": True, "share_with_agency": "share" in values}
            if contact
            else None,
            "device_id": device,
            "website": values.get("website"),
        }
        try:
            return Submission.model_validate(body)
        except ValidationError as error:
            raise InvalidInput(faults=faults_of(error, Submission)) from None


def field_of(path: str) -> str:
    """Return the field of a page that a fault's path means."""
    if path.startswith("attributes."):
        return ANSWER + path.removeprefix("attributes.")
    return path.removeprefix("contact.")
