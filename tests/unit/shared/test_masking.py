"""What finds a person in a text is masked, and what does not stays as it was written."""

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from shared import ids
from shared.masking import EMAIL, NUMBER, PLATE, masked
from tests.builders import a_number

SAMPLES = Path(__file__).parents[3] / "events" / "samples" / "complaints.jsonl"
ADDRESS = "[alamat disamarkan]"

WORDS = [
    "jl",
    "Merpati",
    "no",
    "12",
    "RT",
    "03",
    "/",
    "RW 5",
    "blok",
    "C",
    "hub",
    "wa",
    "rp",
    "2019",
]
GLUE = [
    "0812",
    "3456",
    "7890",
    "-",
    ".",
    ",",
    "\n",
    "a@b.id",
    "H 1234 AB",
    ADDRESS,
    "nol",
    "delapan",
]
#: Heaps of what the rules look for, in any order.
heaps = st.lists(st.sampled_from([*WORDS, *GLUE]) | st.text(max_size=2), max_size=16).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda between: between.join(parts))
)
separators = st.sampled_from(["", " ", "-", ".", " - ", "  ", "–"])


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


@st.composite
def mobiles(draw: st.DrawFn) -> str:
    """Draw a mobile number as people write it: whole, or in groups of two, three or four."""
    sizes = draw(
        st.sampled_from([(3, 4, 4), (3, 3, 4), (3, 4, 3), (2, 2, 2, 2, 2), (5, 6), (3, 3, 3)])
    )
    subscriber = draw(st.sampled_from("1235789")) + draw(digits(sum(sizes) - 2))
    number, between = "8" + subscriber, draw(separators)
    groups, at = [], 0
    for size in sizes:
        groups.append(number[at : at + size])
        at += size
    lead = draw(st.sampled_from(["0", "62", "+62", "+62 ", "(+62) ", "+62-", "62 "]))
    return lead + between.join(groups)


@st.composite
def landlines(draw: st.DrawFn) -> str:
    """Draw a landline with its area code."""
    area = "0" + draw(st.sampled_from(["24", "274", "291", "21", "298"]))
    first, last = draw(digits(3)), draw(st.integers(3, 4).flatmap(digits))
    written = draw(st.sampled_from(["({}) ", "({})", "{}-", "{} ", "{}", "{}.", "{}/"])).format(
        area
    )
    return written + first + draw(st.sampled_from(["", " ", "-", "."])) + last


phones = mobiles() | landlines()
#: Contexts that do not go on with the number itself, so that it would be another one.
without_digits = st.text(st.characters(exclude_categories=["Cs", "Nd"]), max_size=12)
real_contexts = st.sampled_from(
    [
        "hub wa",
        "WA:",
        "telp.",
        "jam 08.00-16.00 ",
        "lantai 2 ",
        "tahun 2019 ",
        "Rp 2.500 ",
        "RT 03/05 ",
        "(",
        "tgl 12-03-2024, ",
        "blok C 5 ",
        "Jl. Merpati no 7 ",
        "",
        "2 orang: ",
        "km 5. ",
    ]
)


@given(without_digits, phones, without_digits)
@example("Rp", "6281200000000", " rupiah")
@example("abc-", "0812345678901", "")
def test_of_a_telephone_number_no_digit_survives(before, phone, after):
    assume(not before.endswith(("(", "+")))
    assert not re.search(r"\d", masked(before + phone + after))


@given(real_contexts, phones, st.sampled_from(["", " 2 orang", ", jam 09.00", ".", " no 5"]))
def test_a_telephone_number_is_found_beside_other_numbers(before, phone, after):
    shown = re.sub(r"\D", "", masked(before + phone + after))
    assert re.sub(r"\D", "", phone)[-7:] not in shown
    assert phone not in masked(before + phone + after)


@given(
    st.text(max_size=8),
    st.from_regex(r"[a-z0-9_.+-]{1,20}@[a-z0-9-]{1,20}\.(com|co\.id)", fullmatch=True),
)
@example("", "0@aaa0s2211fvet44r.com")
def test_no_e_mail_address_survives(before, address):
    assert address not in masked(f"{before}{address} ya")


@given(heaps)
@example("jl A no 5 lalu antrian no 7")
@example("RW 5 nol 2019 2019")
@example("RW 5hub122019")
@example("jl no 12 3456 7890 no 5")
def test_what_is_masked_stays_as_it_is(text):
    once = masked(text)
    assert masked(once) == once


@given(st.text(st.characters(exclude_categories=["Cs", "Nd"], exclude_characters="@")))
def test_a_text_without_digits_and_addresses_is_untouched(text):
    assume(not re.search(r"\b(nol|kosong)\b|[(\[]at[)\]]", text, re.IGNORECASE))
    assert masked(text) == text


MASKED = [
    # telephones
    ("hub wa 081200000081 harga nego", f"hub wa {NUMBER} harga nego"),
    ("WA:0812-0000-0081.", f"WA:{NUMBER}."),
    ("Telp (024) 8311234 pak", f"Telp {NUMBER} pak"),
    ("telpon (081200000081)", f"telpon ({NUMBER})"),
    ("nomer kulo 0812 0000 0081 nggih", f"nomer kulo {NUMBER} nggih"),
    ("call me +65 9123 4567 please", f"call me {NUMBER} please"),
    ("sms 8311234 mawon", f"sms {NUMBER} mawon"),
    ("telp rumah 831-1234", f"telp rumah {NUMBER}"),
    ("wa saya 812 0000 0081", f"wa saya {NUMBER}"),
    ("hpku 81200000081", f"hpku {NUMBER}"),
    ("08 12 00 00 00 81", NUMBER),
    ("０８１２００００００８１", NUMBER),
    ("wa 081200000081/082100000082", f"wa {NUMBER}"),
    ("nol delapan satu dua nol nol nol nol", NUMBER),
    ("hub kosong lapan, satu, dua, tiga, 4, 5, 6, tujuh aja", f"hub {NUMBER} aja"),
    ("nol wolu siji loro telu papat lima nem pitu", NUMBER),
    ("wa kosong wolu siji loro telu papat limo enem pitu songo", f"wa {NUMBER}"),
    ("nol lapan siji loro tigo papat lima nem", NUMBER),
    ("wa 0812,0000,0081", f"wa {NUMBER}"),
    ("wa 0812*0000*0081 / 0812~0000~0082", f"wa {NUMBER}"),
    ("wa 0812|0000|0081, 0812'0000'0082", f"wa {NUMBER}, {NUMBER}"),
    ("nol 8 1 2 0 0 0 0 0 8 1", NUMBER),
    ("hub 08 satu dua 000 0081 ya", f"hub {NUMBER} ya"),
    ("0812 nol nol 5678 90", NUMBER),
    ("nol dua empat delapan tiga satu satu dua tiga", NUMBER),
    ("delapan satu dua nol nol nol nol nol delapan satu", NUMBER),
    # e-mail
    ("tutik＠example.id", EMAIL),
    ("tutik at gmail dot com", EMAIL),
    ("tutik at gmail", EMAIL),
    ("surel: tutik.s+lapor@example.id, terima kasih", f"surel: {EMAIL}, terima kasih"),
    ("tutik@gmail", EMAIL),
    ("tutik (at) example (dot) com", EMAIL),
    ("tutik @ example.co.id", EMAIL),
    # identity cards, accounts, customers
    ("NIK 3374011203450001 belum jadi", f"NIK {NUMBER} belum jadi"),
    ("KK: 3374 0112 0345 0001", f"KK: {NUMBER}"),
    ("nik 33.74.01.120345.0001", f"nik {NUMBER}"),
    ("transfer ke BRI 0034-01-012345-53-1", f"transfer ke BRI {NUMBER}"),
    ("rek 1234-0567-8901 an Slamet", f"rek {NUMBER} an Slamet"),
    ("ID pelanggan 523012345678 kok mahal", f"ID pelanggan {NUMBER} kok mahal"),
    ("no pelanggan pdam 01234567 macet", f"no pelanggan pdam {NUMBER} macet"),
    ("idpel: 8123456, no rek 765432", f"idpel: {NUMBER}, no rek {NUMBER}"),
    ("paspor A1234567, passport no. C 765432", f"paspor A{NUMBER}, passport no. C {NUMBER}"),
    # houses
    ("Jl. Merpati No. 12 RT 03/RW 05", f"Jl. Merpati {ADDRESS}"),
    ("jln merpati nomer 12a, rt 3 rw 5", f"jln merpati {ADDRESS}"),
    ("Tambaklorok RW 14 Tanjung Mas", f"Tambaklorok {ADDRESS} Tanjung Mas"),
    ("RT/RW 003/005, Kel. Kuningan", f"{ADDRESS}, Kel. Kuningan"),
    ("rt03rw05 banjir", f"{ADDRESS} banjir"),
    ("perum Beringin Blok C-12", f"perum Beringin {ADDRESS}"),
    ("Blok D5 No. 12 RT 03/05", ADDRESS),
    ("kavling 7 Ungaran", f"{ADDRESS} Ungaran"),
    ("jl pemuda 148 semarang", f"jl pemuda {ADDRESS} semarang"),
    ("Jalan Majapahit 12A", f"Jalan Majapahit {ADDRESS}"),
    ("Jl. Merpati II/12", f"Jl. Merpati II/{ADDRESS}"),
    ("omahku neng dalan Merpati nomer 7", f"omahku neng dalan Merpati {ADDRESS}"),
    ("rumah saya no 7, tetangga no 9", f"rumah saya {ADDRESS}, tetangga {ADDRESS}"),
    ("gang 5 no 3", f"gang 5 {ADDRESS}"),
    ("no rumah 12", ADDRESS),
    ("nomor rumah: 12A", ADDRESS),
    ("Jl. Dr. Cipto 12", f"Jl. Dr. Cipto {ADDRESS}"),
    ("Jalan Dr Cipto 12", f"Jalan Dr Cipto {ADDRESS}"),
    ("Gg. Mawar 5", f"Gg. Mawar {ADDRESS}"),
    ("Gang Mawar III/5", f"Gang Mawar III/{ADDRESS}"),
    ("alamat: Kauman Barat 15", f"alamat: Kauman Barat {ADDRESS}"),
    ("alamatnya Kauman Barat 15", f"alamatnya Kauman Barat {ADDRESS}"),
    ("Perumahan Plamongan Indah B3/12", f"Perumahan Plamongan Indah {ADDRESS}"),
    ("lampu mati di jalan pemuda 12", f"lampu mati di jalan pemuda {ADDRESS}"),
    ("jl pemuda no 12 rt 3", f"jl pemuda {ADDRESS}"),
    ("gang mawar 5", f"gang mawar {ADDRESS}"),
    ("jalan imam bonjol 45a semarang", f"jalan imam bonjol {ADDRESS} semarang"),
    ("sampah di depan jalan merpati 7, tolong", f"sampah di depan jalan merpati {ADDRESS}, tolong"),
    ("lorong melati 3", f"lorong melati {ADDRESS}"),
    ("jalan gatot subroto 120 banjir", f"jalan gatot subroto {ADDRESS} banjir"),
    ("jalan kartini raya 8 ya", f"jalan kartini raya {ADDRESS} ya"),
    ("jalan diponegoro 12 dan jalan beringin 8", f"jalan diponegoro {ADDRESS} dan jalan beringin {ADDRESS}"),
    ("jalan teratai 3", f"jalan teratai {ADDRESS}"),
    ("jalan mawar ii/5 rt 3", f"jalan mawar ii/{ADDRESS}"),
    # plates
    ("angkot H 1234 AB ugal-ugalan", f"angkot {PLATE} ugal-ugalan"),
    ("sing numpak AD5678XY", f"sing numpak {PLATE}"),
    ("plat h 5678 xy kabur", f"plat {PLATE} kabur"),
    ("h1234ab nrobos", f"{PLATE} nrobos"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "shown"), MASKED)
def test_what_finds_a_person_is_masked(typed, shown):
    assert masked(typed) == shown


@pytest.mark.parametrize(
    "text",
    [
        "tahun 2012, 2019-2024 dan 2020 2021 2022",
        "tgl 12-03-2024 jam 07.30, 2024-03-12 pukul 08:00:00",
        "buka 08.00-16.00, malam 19:00 - 21:30",
        "bayar Rp 1.500.000,- lalu Rp2500000000 dan 850000000 rupiah",
        "saldo kepotong 287.500, dibayar 1,7jt, anggaran 850.000.000",
        "km 12,5 jalan Semarang - Purwodadi km 5",
        "lokasi -7.0051453,110.4381254",
        "BRT koridor 1, angkot C10, trayek no 5, bus 12",
        "laporan LGWP1234567 dan UU 25/2009 pasal 18",
        "Jl Gajahmada 2 lapis, jln rusak 3 bulan, jl Majapahit 2 lampu merah",
        "Jl Pemuda tiang no 45 mati, antrian no 7",
        "blok C lt 4, blok D gorong2 rusak, gang 5",
        "Jalan Pemuda 2024 baru diaspal",
        "jalan di depan pasar 3 minggu, jl. depan SMP 3",
        "4 KK ngungsi, 3 anak satu RT, plat H mobil th 2012",
        "no 1 di dunia; nomor 2 juga",
        "darurat 112 atau telp 110, call center 1500",
        "rumah 12 14 16 18 20 banjir",
        "asdfg hjkkk tesss 123",
        "suhu 5 derajat @pemkot",
        "ditarik retribusi 4 kali, 200an rit, 2x, 15cm, 85rb",
        "kali Babon jebol 60 meter (RT mana saja)",
        "Gang sempit 2 meter, gg buntu 3 hari gelap, jalan dr pasar 2 lubang",
        "pelanggan 2024, rekening 5 bulan, id pelanggan belum ada, paspor 2 minggu",
        "bayar rekening 12 ribu, pelanggan PDAM 350.000, rek listrik Rp 450000",
        "satu dua orang, lapan ratus ribu, dari nol lagi, 8000 dua 5000",
        "kamar 101,102,103 dan lantai 1,2,3",
        "perumahan baru, UU 25/2009, kelas A1, dapat alamat 2 kali",
        "kerja di gmail, jam 8 tiga orang",
        "jalan rusak 12 meter, jalan pemuda 2 hari, jl pantura km 12",
        "jalan tol 3 lajur, gang 3 motor, gang 5",
        "jalan kaki 10 menit, saya jalan pulang 2 kali, jalan 500 meter",
        "jalan berlubang parah 3 tahun, jalan macet total 3 jam, jalan becek 4 malam",
        "lampu jalan mati 3, lampu jalan padam 5 buah, pohon tepi jalan tumbang 2",
        "jalan desa 5 km, jalan utama 2 arah, jalan menuju pasar 3 kali lewat",
        "jalan pemuda 2024 diaspal, jalan pemuda ada 5 lubang, jalan pemuda 7 pagi",
        "jalan raya ditutup 3, gang buntu gelap 2, jalan baru 4, jalan rusak 2",
    ],
)
def test_what_finds_nobody_stays(text):
    assert masked(text) == text


def test_in_an_address_a_house_number_needs_no_word_for_a_road():
    assert masked("Gajahmungkur Selatan no 12") == "Gajahmungkur Selatan no 12"
    assert (
        masked("Gajahmungkur Selatan no 12", is_address=True) == f"Gajahmungkur Selatan {ADDRESS}"
    )
    assert masked("halte no 3", is_address=True) == "halte no 3"


def test_complaint_numbers_stay():
    numbers = [a_number() for _ in range(300)]
    text = f"lihat {', '.join(numbers)} dan {numbers[0].lower()}"
    assert masked(text) == text
    assert (
        masked(f"{numbers[0]} wa 081200000081 {numbers[1]}")
        == f"{numbers[0]} wa {NUMBER} {numbers[1]}"
    )


def test_what_only_looks_like_a_complaint_number_hides_no_phone():
    """Its check character is wrong, so nothing of it is spared, and the text around it is read."""
    wrong = "SMG-AWSNS1REBYVH0"
    assert ids.read_complaint_number(wrong) is None
    assert masked(f"{wrong} wa 081200000081") == f"{wrong} wa {NUMBER}"


def test_of_the_sample_complaints_only_a_sellers_number_and_an_rw_are_masked():
    changed = {}
    for line in SAMPLES.read_text().splitlines():
        sample = json.loads(line)
        submission = sample["submission"]
        for text in (submission["description"], submission.get("address_string", "")):
            if masked(text, is_address=text != submission["description"]) != text:
                changed[sample["id"]] = masked(text)
    assert changed.keys() == {"S038", "S086"}
    assert NUMBER in changed["S038"]
    assert changed["S086"] == f"Tambaklorok {ADDRESS} Tanjung Mas"


@pytest.mark.parametrize(
    "unit",
    [
        "0",
        "0 ",
        "08.",
        "1.000.",
        "12-",
        "a",
        "a.",
        "a@",
        "a @",
        "jl ",
        "jl a",
        "jl a ",
        "no 1 ",
        "jl no 1 ",
        "rt 1 ",
        "rt/",
        "blok a",
        "blok 1",
        "H 1234",
        "nol ",
        "nol delapan ",
        "nol 1 ",
        "0812 nol ",
        "delapan ",
        "a at gmail",
        "0,",
        "gg a 1 ",
        "jalan a 1 ",
        "jalan a ",
        "gang ",
        "rumah B3/12 ",
        "2019 ",
        "wa ",
        "rp ",
        "SMG-",
        "12:30 ",
        "(0",
        "+",
        "[alamat disamarkan]",
        "[alamat disamarkan] ",
        "-7.0051,",
        "SMG-0123456789012 ",
    ],
)
def test_no_text_takes_long(unit):
    text = unit * (64_000 // len(unit))
    begun = time.process_time()
    masked(text)
    assert time.process_time() - begun < 2
