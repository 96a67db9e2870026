"""Where a GeoReport request goes is read from its path alone."""

import pytest

from functions.complaint_intake.open311.paths import BASE, Place, read

IDS = ("jateng", "semarang")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/open311/v2/services.xml", Place(f"{BASE}/services", "xml")),
        ("/open311/v2/services.json", Place(f"{BASE}/services", "json")),
        ("/v1/open311/v2/services.json", Place(f"{BASE}/services", "json")),
        ("/open311/v2/requests/SMG-1.xml", Place(f"{BASE}/requests/SMG-1", "xml")),
        ("/open311/v2/tokens/a.b.json", Place(f"{BASE}/tokens/a.b", "json")),
        ("/open311/v2/jateng/services.xml", Place(f"{BASE}/services", "xml", "jateng")),
        (
            "/open311/v2/semarang/services/pju.json",
            Place(f"{BASE}/services/pju", "json", "semarang"),
        ),
    ],
)
def test_a_path_is_taken_apart(path, place):
    assert read(path, IDS) == place


@pytest.mark.parametrize(
    "path",
    [
        "/open311/v2/services",
        "/open311/v2/services.html",
        "/open311/v2/.json",
        "/open311/v2/",
        "/open311/v2/requests/",
    ],
)
def test_what_names_no_format_is_nowhere_and_answered_in_xml(path):
    assert read(path, IDS) == Place(BASE, "xml")


def test_a_jurisdiction_that_is_not_there_has_no_address_of_its_own():
    assert read("/open311/v2/solo/services.xml", IDS) == Place(f"{BASE}/solo/services", "xml")


def test_a_service_called_like_a_jurisdiction_is_a_service():
    found = read("/open311/v2/services/jateng.xml", IDS)
    assert found == Place(f"{BASE}/services/jateng", "xml")
    assert read("/open311/v2/jateng.xml", IDS) == Place(f"{BASE}/jateng", "xml")
