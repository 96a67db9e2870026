"""The forms that other systems post, for the API's document: what is read is in `posting`."""

from typing import Literal

from pydantic import BaseModel, Field

from functions.complaint_intake.open311.statuses import UpdateStatus


class PostedRequest(BaseModel, defer_build=True):
    """A request. Answers to the service's questions come as `attribute[code]=value` besides.

    One of lat and long, address_string or address_id is required.
    """

    api_key: str
    jurisdiction_id: str
    service_code: str = Field(examples=["jalan-rusak"])
    lat: str = ""
    long: str = ""
    address_string: str = Field(default="", max_length=300)
    address_id: str = Field(default="", max_length=255)
    email: str = ""
    device_id: str = Field(default="", max_length=128)
    account_id: str = Field(default="", max_length=255, description="Accepted, and not kept")
    first_name: str = Field(default="", max_length=50)
    last_name: str = Field(default="", max_length=50)
    phone: str = ""
    description: str = Field(default="", max_length=4000)
    media_url: str = Field(default="", max_length=1000, description="May be repeated")


class PostedUpdate(BaseModel, defer_build=True):
    """What was said or done about a request in another system."""

    api_key: str
    service_request_id: str
    update_id: str = Field(max_length=255, description="The sender's; the same one counts once")
    status: UpdateStatus = Field(description="Upper or lower case")
    updated_datetime: str = Field(examples=["2026-11-22T08:00:00+07:00"])
    description: str = Field(max_length=4000)
    media_url: str = Field(default="", max_length=1000, description="May be repeated")
    jurisdiction_id: str = ""
    email: str = Field(default="", description="Accepted, and not kept; so are names and title")
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    account_id: str = ""
    public_anonymity_required: Literal["", "TRUE", "FALSE"] = ""
