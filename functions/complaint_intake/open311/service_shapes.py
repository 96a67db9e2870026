"""What GeoReport v2 answers of services, and its discovery, field by field.

Fields and their order are those of http://wiki.open311.org/GeoReport_v2 and Service_Discovery.
"""

from typing import Literal

from pydantic import Field

from shared.models import View


class Service(View):
    """A kind of request that can be made."""

    service_code: str
    service_name: str
    description: str
    metadata: bool  #: whether the service asks further questions, told by its definition
    type: Literal["realtime"] = "realtime"  #: the id is in the answer to the request
    keywords: str
    group: str


class Value(View):
    """One of the answers that a question allows."""

    key: str
    name: str


class Question(View):
    """A further question of a service; the standard calls it an attribute."""

    variable: bool = True
    code: str
    datatype: Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
    required: bool
    datatype_description: str | None = None
    order: int = Field(ge=1)
    description: str
    values: list[Value]


class ServiceDefinition(View):
    """The further questions of a service."""

    service_code: str
    attributes: list[Question]


class Endpoint(View):
    """One address of the API."""

    specification: Literal["http://wiki.open311.org/GeoReport_v2"] = (
        "http://wiki.open311.org/GeoReport_v2"
    )
    url: str
    changeset: str
    type: Literal["production", "test"]
    formats: list[str]


class Discovery(View):
    """Where the API is, and whom to ask."""

    changeset: str
    contact: str
    key_service: str
    endpoints: list[Endpoint]
