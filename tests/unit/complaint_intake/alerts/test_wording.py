"""What those who follow a place read."""

from dataclasses import replace

import pytest

from functions.complaint_intake.alerts import wording
from functions.complaint_intake.alerts.wording import NO_LINK, public_text
from shared.jurisdiction import Category
from shared.text import Text
from tests.builders import a_complaint
from tests.small_config import ALERTS, SEMARANG, changed
from tests.subscribers import NAME, RUNNING

NUMBER = "SMG-7ZK3Q9M4T0XWH"
LINKS = wording.links("https://aduan.example/v1", f"lacak/{NUMBER}", NAME, "stop-token")
FOLLOW = f"https://aduan.example/v1/lacak/{NUMBER}"
STOP = f"https://aduan.example/v1/alerts/stop?a={NAME}&t=stop-token"
COMPLAINT = a_complaint(complaint_id=NUMBER, lat=-6.987, long=110.42)


def told(complaint=COMPLAINT, one=RUNNING, *, last=False):
    return wording.telling_email(one, complaint, LINKS, SEMARANG, ALERTS, last=last)


def test_an_email_tells_what_where_how_it_begins_and_how_to_stop():
    email = told()
    assert email.subject == "new Jalan rusak 330 m (id)"
    assert email.text == (
        f"Jalan rusak 330 m: Jalan berlubang di depan pasar {NUMBER} {FOLLOW} (id)\n\n"
        f"-- \nstop {STOP} (id)\n"
    )


def test_the_last_one_of_a_day_says_so():
    assert "\n\nlast (id)\n\n-- \n" in told(last=True).text
    assert "last" not in told().text


def test_it_is_in_the_subscribers_language():
    assert told(one=replace(RUNNING, language="en")).subject == "new Damaged road 330 m (en)"


def test_a_complaint_without_a_known_category_is_named_all_the_same():
    assert told(replace(COMPLAINT, service_code=None)).subject == "new all (id) 330 m (id)"


def test_the_distance_of_what_has_lost_its_place_is_nothing():
    assert told(replace(COMPLAINT, lat=None, long=None)).subject == "new Jalan rusak 0 m (id)"


def test_an_address_is_asked_in_words_of_ours_alone():
    email = wording.asking_email(RUNNING, LINKS, SEMARANG, ALERTS)
    assert email.subject == "asking all (id) (id)"
    assert email.text == f"all (id) 500 m 48 h {FOLLOW} (id)\n\n-- \nstop {STOP} (id)\n"
    assert wording.asking_sms(RUNNING, LINKS, SEMARANG, ALERTS) == f"asking 500 {FOLLOW} (id)"


def test_a_text_message_says_the_category_and_no_word_of_the_complaint():
    text = wording.telling_sms(RUNNING, COMPLAINT, LINKS, SEMARANG, ALERTS)
    assert text == f"new Jalan rusak {FOLLOW} stop {STOP} (id)"


def test_a_categorys_name_is_made_to_fit_a_text_message():
    long = Text("Jalan – rusak " + "x" * 60, "b")
    category = Category(
        service_code="jalan-rusak",
        name=long,
        description=long,
        group=long,
        keywords=(),
        laporgub_class="infrastruktur",
    )
    jurisdiction = changed(SEMARANG, categories=(category,))
    text = wording.telling_sms(RUNNING, COMPLAINT, LINKS, jurisdiction, ALERTS)
    assert f"new Jalan   rusak {'x' * 26} {FOLLOW}" in text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("hub wa 081200000081 ya", "hub wa [nomor disamarkan] ya"),
        ("lihat https://judi.example/x?y=1 ya", f"lihat {NO_LINK} ya"),
        ("lihat HTTP://Judi.example", f"lihat {NO_LINK}"),
        ("lihat www.judi.example sekarang", f"lihat {NO_LINK} sekarang"),
        ("lihat judi.example/slot, gacor", f"lihat {NO_LINK} gacor"),
        ("lihat bit.ly/abc", f"lihat {NO_LINK}"),
        ("lampu mati.Gelap sekali", f"lampu {NO_LINK} sekali"),  # in doubt it goes
        ("lampu mati. Gelap sekali", "lampu mati. Gelap sekali"),
        ("Jl. Dr. Cipto, jam 07.30", "Jl. Dr. Cipto, jam 07.30"),
    ],
)
def test_of_a_complaint_its_masked_words_are_repeated_with_nothing_to_click_on(typed, shown):
    assert public_text(replace(COMPLAINT, description=typed)) == shown


def test_what_the_desk_covered_is_not_repeated():
    covered = replace(COMPLAINT, description="RAHASIA", public_description="ditutup")
    assert public_text(covered) == "ditutup"


def test_only_its_beginning_is_repeated():
    text = public_text(replace(COMPLAINT, description="kata " * 300))
    assert len(text) <= 201
    assert text.endswith("…")
