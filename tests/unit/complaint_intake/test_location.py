"""Places that people paste: coordinates as maps and people write them, and links; none is opened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.complaint_intake import location
from functions.complaint_intake.location import Place
from shared.errors import InvalidInput

HERE = Place(-6.9839, 110.4093)


@pytest.mark.parametrize(
    "text",
    [
        "-6.9839, 110.4093",
        "-6.9839 110.4093",
        "  (-6.9839,110.4093)  ",
        "[-6.9839; 110.4093]",
        "\N{MINUS SIGN}6.9839, 110.4093",
        "-6,9839, 110,4093",
        "-6,9839; 110,4093",
        "-6,9839 110,4093",
        "(-6,9839, 110,4093)",
        "lat: -6.9839, long: 110.4093",
        "lintang -6.9839 bujur 110.4093",
        "Latitude=-6.9839\nLongitude=110.4093",
        "Halte Simpang Lima -6.9839, 110.4093",
    ],
)
def test_coordinates_are_read_as_people_write_them(text):
    assert location.read(text) == HERE


@pytest.mark.parametrize("text", ["110.4093, -6.9839", "long: 110.4093, lat: -6.9839"])
def test_a_longitude_that_can_be_no_latitude_may_stand_first(text):
    assert location.read(text) == HERE


def test_the_edges_of_the_earth_are_on_it():
    assert location.read("90.00, 180.00") == Place(90, 180)
    assert location.read("-90.00, -180.00") == Place(-90, -180)
    assert location.read("90.01, -90.00") == Place(-90, 90.01)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("""6°58'56.4"S 110°25'15.6"E""", Place(-6.982333, 110.421)),
        ("6°58′56.4″ LS 110°25′15.6″ BT", Place(-6.982333, 110.421)),
        ("6º58’56,4” LS, 110º25’15,6” BT", Place(-6.982333, 110.421)),
        ("6°58'56.4'' s 110°25'15.6'' e", Place(-6.982333, 110.421)),
        ("S 6°58.94' E 110°25.26'", Place(-6.982333, 110.421)),
        ("S6.98 E110.42", Place(-6.98, 110.42)),
        ("6.98 S, 110.42 E", Place(-6.98, 110.42)),
        ("E 110.42, S 6.98", Place(-6.98, 110.42)),
        ("6,98° LS, 110,42° BT", Place(-6.98, 110.42)),
        ("1.5 LU 97.25 BT", Place(1.5, 97.25)),
        ("1.5 U 97.25 T", Place(1.5, 97.25)),
        ("40.5 N 70.25 W", Place(40.5, -70.25)),
        ("40.5 U 70.25 B", Place(40.5, -70.25)),
        ("40.5 LU 70.25 BB", Place(40.5, -70.25)),
        ("6 S 110 E", Place(-6.0, 110.0)),
    ],
)
def test_degrees_with_a_point_of_the_compass_are_read(text, place):
    found = location.read(text)
    assert (round(found.lat, 6), round(found.long, 6)) == (place.lat, place.long)


@pytest.mark.parametrize(
    "link",
    [
        "https://www.google.com/maps/@-6.9839,110.4093,17z",
        "https://www.google.co.id/maps/@-6.9839,110.4093,3a,75y,90t/data=!3m6!1e1",
        "https://www.google.com/maps/place/Lawang+Sewu/@-6.97,110.41,17z/data=!3m1!4b1!4m6!1s0x2e708b4eb2b6a5f5:0x1!8m2!3d-6.9839!4d110.4093!16s%2Fg%2F11",
        "https://www.google.com/maps/search/?api=1&query=-6.9839%2C110.4093",
        "https://www.google.com/maps/search/?api=1&query=-6.9839%2C+110.4093&center=1.5,2.5",
        "https://www.google.com/maps/@?api=1&map_action=map&center=-6.9839%2C110.4093&zoom=12",
        "https://maps.google.com/?q=-6.9839,110.4093",
        "http://maps.google.com/maps?q=loc:-6.9839,110.4093&z=17",
        "maps.google.com/maps?q=-6.9839,110.4093",
        "https://www.google.com/maps/search/-6.9839,+110.4093?entry=tts",
        "https://www.google.com/maps/place/-6.9839,110.4093",
        "https://www.google.com/maps/dir//-6.9839,110.4093/@-6.9,110.4,12z",
        "https://www.google.com/maps/dir/?api=1&destination=-6.9839,110.4093",
        "https://www.google.com/maps/embed?pb=!1m18!1m12!1m3!1d3960!2d110.4093!3d-6.9839!2m3",
        "geo:-6.9839,110.4093",
        "geo:-6.9839,110.4093;u=35",
        "geo:-6.9839,110.4093?z=17",
        "geo:0,0?q=-6.9839,110.4093(Halte)",
        "geo:-6.9,110.4?q=-6.9839%2C110.4093",
        "https://www.openstreetmap.org/?mlat=-6.9839&mlon=110.4093#map=17/-6.90/110.40",
        "https://www.openstreetmap.org/#map=17/-6.9839/110.4093",
        "https://www.openstreetmap.org/directions#map=12.5/-6.9839/110.4093",
        "https://maps.apple.com/?ll=-6.9839,110.4093&q=Titik",
        "https://maps.apple.com/place?coordinate=-6.9839,110.4093&name=Titik",
        "https://waze.com/ul?ll=-6.9839%2C110.4093&navigate=yes",
        "https://www.waze.com/live-map/directions?to=ll.-6.9839%2C110.4093",
        "https://www.bing.com/maps?cp=-6.9839~110.4093&lvl=16",
        "Lokasi: https://maps.google.com/?q=-6.9839,110.4093",
        "Halte Simpang Lima\nhttps://maps.google.com/?q=-6.9839,110.4093\nDikirim dari ponsel",
        "https://maps.app.goo.gl/abc -6.9839, 110.4093",
    ],
)
def test_the_place_of_a_shared_link_is_read_from_its_spelling(link):
    assert location.read(link) == HERE


def test_a_short_link_of_openstreetmap_holds_its_place():
    # The pair of https://wiki.openstreetmap.org/wiki/Shortlink's own test.
    found = location.read("https://osm.org/go/0EEQjEEb")
    assert (round(found.lat, 4), round(found.long, 4)) == (51.511, 0.055)
    older, zoomed = "https://www.openstreetmap.org/go/0EEQj@Eb-", "https://osm.org/go/0EEQj~Eb--"
    assert location.read(older) == location.read(zoomed)


@pytest.mark.parametrize(
    "link",
    [
        "https://maps.app.goo.gl/abc123",
        "goo.gl/maps/xyz",
        "Lawang Sewu https://maps.app.goo.gl/abc?g_st=iw",
        "https://waze.com/ul/hqqv1abc",
        "https://bit.ly/3abc",
        "https://maps.apple/p/abc",
    ],
)
def test_a_short_link_is_refused_with_what_to_do_and_never_opened(link):
    with pytest.raises(InvalidInput) as refused:
        location.read(link, field="lokasi")
    (fault,) = refused.value.faults
    assert (fault.field, fault.code) == ("lokasi", "short_link")
    assert "Buka tautannya" in fault.message.id
    assert "Open it" in fault.message.en


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Tempat ini tidak terbaca"),
        ("Jl. Pandanaran no 12, 13", "Tempat ini tidak terbaca"),
        ("RT 5 S, blok E", "Tempat ini tidak terbaca"),
        ("-91.55, 200.44", "Tempat ini tidak terbaca"),
        ("45.55, 180.01", "Tempat ini tidak terbaca"),
        ("91.55, 90.01", "Tempat ini tidak terbaca"),
        ("0.00, 0.00", "Tempat ini tidak terbaca"),
        ("3.14 dan 2026.11.22, 7.25.36", "Tempat ini tidak terbaca"),
        ("-6.9839, 110.4093" + " " * 2000, "Tempat ini tidak terbaca"),
        ("geo:0,0", "Tautan ini tidak memuat koordinat"),
        ("geo:0,0?q=Lawang+Sewu", "Tautan ini tidak memuat koordinat"),
        ("https://www.google.com/maps/place/Lawang+Sewu", "Tautan ini tidak memuat koordinat"),
        ("https://t.com/abc", "Tautan ini tidak memuat koordinat"),
        ("https://goo.gllll/maps", "Tautan ini tidak memuat koordinat"),
    ],
)
def test_what_names_no_place_is_refused_with_what_to_paste(text, says):
    with pytest.raises(InvalidInput) as refused:
        location.read(text)
    (fault,) = refused.value.faults
    assert (fault.field, fault.code) == ("location", "unreadable_location")
    assert fault.message.id.startswith(says)
    assert "-6.9839, 110.4093" in fault.message.id
    assert "-6.9839, 110.4093" in fault.message.en


LINKS = (
    "{lat},{long}",
    "https://www.google.com/maps/place/X/@1.5,2.5,17z/data=!8m2!3d{lat}!4d{long}",
    "https://maps.google.com/?q={lat},{long}",
    "geo:{lat},{long}",
    "https://www.openstreetmap.org/?mlat={lat}&mlon={long}#map=17/1.50/2.50",
    "https://www.openstreetmap.org/#map=17/{lat}/{long}",
)


@given(
    st.decimals(-90, 90, places=5).filter(bool),
    st.decimals(-180, 180, places=5),
    st.sampled_from(LINKS),
)
def test_every_place_is_read_back_from_every_kind_of_link(lat, long, link):
    assert location.read(link.format(lat=lat, long=long)) == Place(float(lat), float(long))


@given(
    st.text(st.sampled_from("0123456789.,-+ °'\"NSEW/?=&!dqml@:%agehtps"), max_size=300)
    | st.text(max_size=100)
    | st.sampled_from(["geo:", "https://a.id/maps/", "https://osm.org/go/"]).flatmap(
        lambda start: st.text(max_size=80).map(lambda rest: start + rest)
    )
)
def test_any_text_is_a_place_on_earth_or_refused(text):
    try:
        place = location.read(text)
    except InvalidInput:
        return
    assert -90 <= place.lat <= 90
    assert -180 <= place.long <= 180
