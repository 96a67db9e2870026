"""The configuration in `config/`, and what the loader says about configuration that is wrong."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from functions.agency_routing import text
from shared import config
from shared.deadlines import Deadlines
from shared.jurisdiction import LONGEST_PHRASE, Jurisdiction, LaporgubClass

IDS = ("jateng", "semarang")
#: The agencies of the reference table, without their jurisdiction's prefix.
AGENCIES = {
    "semarang": """dpu disperkim dishub dlh satpolpp pdam dispendukcapil disdik dinkes rsud dinsos
        disnaker bapenda diskopumkm disperdag disbudpar dispora dpmptsp bpbd damkar dp3a
        inspektorat bkpp dispertan diskominfo""",
    "jateng": """dpubmck pusdataru disperakim dishub dlhk satpolpp dispermadesdukcapil disdikbud
        dinkes dinsos disnakertrans bapenda dinkopukm disperindag disporapar dpmptsp esdm bpbd
        dp3ap2kb inspektorat bkd distanbun sp4n diskominfo""",
}
HTTP_TWINS = {
    "semarang-dpu",
    "semarang-disperkim",
    "semarang-dishub",
    "jateng-dpubmck",
    "jateng-dishub",
}
#: Sorted by people on purpose: nobody has a queue for them.
TRIAGED = {
    "semarang": {"pemerintahan-desa", "layanan-digital"},
    "jateng": {"air-bersih", "layanan-digital"},
}


@pytest.fixture(params=IDS)
def jurisdiction(request: pytest.FixtureRequest) -> Jurisdiction:
    return config.load(request.param)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(config.CONFIG_DIR, tmp_path / "config"))


def change(path: Path, old: str, new: str) -> None:
    source = path.read_text(encoding="utf-8")
    assert old in source
    path.write_text(source.replace(old, new, 1), encoding="utf-8")


def complaint_about(root: Path) -> str:
    with pytest.raises(config.ConfigError) as caught:
        config.load("semarang", root)
    return str(caught.value)


def test_both_jurisdictions_are_configured():
    assert config.jurisdiction_ids() == IDS


def test_an_unknown_jurisdiction_is_a_key_error():
    with pytest.raises(KeyError):
        config.load("bandung")


def test_a_jurisdiction_has_at_least_forty_categories(jurisdiction):
    assert len(jurisdiction.categories) >= 40


def test_a_category_is_named_in_both_languages_and_has_a_laporgub_class(jurisdiction):
    for category in jurisdiction.categories:
        for said in (category.name, category.description, category.group):
            assert said.id, category.service_code
            assert said.en, category.service_code
        assert category.laporgub_class in get_args(LaporgubClass)


def test_a_category_has_a_dozen_keywords_unless_it_is_something_else(jurisdiction):
    for category in jurisdiction.categories:
        assert category.other == (not category.keywords), category.service_code
        assert category.other or len(category.keywords) >= 12, category.service_code


def test_both_jurisdictions_have_the_same_categories():
    semarang, jateng = (
        [category.service_code for category in config.load(one).categories]
        for one in ("semarang", "jateng")
    )
    assert semarang == jateng


def test_no_keyword_is_dead_for_being_spelt_unusually(jurisdiction):
    spelling = jurisdiction.language.spelling
    for category in jurisdiction.categories:
        for keyword in category.keywords:
            bare = keyword.removesuffix("*")
            assert " ".join(text.read(bare, spelling).tokens) == bare, category.service_code


def test_no_word_of_a_rule_or_an_area_is_dead_for_being_spelt_unusually(jurisdiction):
    spelling = jurisdiction.language.spelling
    written = [word for rule in jurisdiction.rules for word in rule.when.keywords]
    written += [word for rule in jurisdiction.rules for word in rule.when.not_keywords]
    written += [word for each in jurisdiction.categories for word in each.prevailing]
    written += [name for area in jurisdiction.areas for name in area.aliases + area.loose_aliases]
    for one in written:
        bare = one.removesuffix("*")
        assert " ".join(text.read(bare, spelling).tokens) == bare
        assert bare.count(" ") < LONGEST_PHRASE


def test_every_blocked_phrase_is_found_where_it_is_written(jurisdiction):
    spelling = jurisdiction.language.spelling
    blocked = jurisdiction.abuse.blocked
    assert len(set(blocked)) == len(blocked) > 0
    for phrase in blocked:
        assert text.read(f"Main {phrase.upper()}!", spelling).found([phrase]) == [phrase]


def test_no_blocked_phrase_is_in_a_sample_complaint_not_even_of_gambling(jurisdiction):
    samples = Path(__file__).parents[2] / "events" / "samples" / "complaints.jsonl"
    said = [
        json.loads(line)["submission"]["description"] for line in samples.read_text().splitlines()
    ]
    said += [
        "Ada judi online di warnet, anak saya kecanduan",
        "Diteror pinjol, tolong",
        "tempat togel",
    ]
    for one in said:
        words = text.read(one, jurisdiction.language.spelling)
        assert not words.found(jurisdiction.abuse.blocked), one


@pytest.mark.parametrize("phrase", ["Slot Gacor", "ab", "satu dua tiga empat lima", "*", "a-b"])
def test_a_blocked_phrase_that_could_never_be_found_is_refused(copy, phrase):
    change(copy / "semarang" / "abuse.toml", '"slot gacor"', f'"{phrase}"')
    assert "abuse" in complaint_about(copy)


def test_a_keyword_fits_in_the_longest_phrase_and_says_more_than_stop_words(jurisdiction):
    stop_words = jurisdiction.language.stop_words
    for category in jurisdiction.categories:
        assert len(set(category.keywords)) == len(category.keywords), category.service_code
        for keyword in category.keywords:
            words = keyword.split()
            assert len(words) <= LONGEST_PHRASE, keyword
            assert set(words) - stop_words, keyword


def test_the_usual_spelling_of_a_word_is_final(jurisdiction):
    spelling = jurisdiction.language.spelling
    assert len(spelling) >= 300
    for usual in spelling.values():
        assert " ".join(text.read(usual, spelling).tokens) == usual


@pytest.mark.parametrize("one", IDS)
def test_every_agency_of_the_reference_exists(one):
    assert {agency.code for agency in config.load(one).agencies} == {
        f"{one}-{name}" for name in AGENCIES[one].split()
    }


def test_five_agencies_have_an_http_twin():
    twins = {agency.code for one in IDS for agency in config.load(one).agencies if agency.http_twin}
    assert twins == HTTP_TWINS


def test_both_jurisdictions_fit_together():
    config.check_together([config.load(one) for one in IDS])


def test_every_category_reaches_an_agency_by_a_rule_of_its_own(jurisdiction):
    for category in jurisdiction.categories:
        final = [
            rule.agency
            for rule in jurisdiction.rules
            if rule.when.category == (category.service_code,)
            and rule.when.model_fields_set <= {"category"}
        ]
        assert len(final) == (not category.other), category.service_code
        if final == [jurisdiction.triage]:
            assert category.service_code in TRIAGED[jurisdiction.id]


def test_a_rule_explains_itself_in_one_sentence_of_each_language(jurisdiction):
    for rule in jurisdiction.rules:
        for sentence in (rule.because.id, rule.because.en):
            assert sentence.endswith("."), rule.id


def test_what_may_hurt_a_reporter_is_hidden_by_default(jurisdiction):
    hidden = {
        category.service_code: category.visibility
        for category in jurisdiction.categories
        if category.visibility != "public"
    }
    assert hidden == {"perempuan-anak": "private", "pungli": "secret", "asn": "secret"}


def test_all_35_kabupaten_and_kota_are_areas_and_answers(jurisdiction):
    areas = [area.code for area in jurisdiction.areas]
    assert len(areas) == 35
    assert [value.key for value in jurisdiction.attribute_by_code["kabupaten_kota"].values] == areas


def test_areas_do_not_share_a_name_and_their_boxes_do_not_overlap(jurisdiction):
    names = [name for area in jurisdiction.areas for name in area.aliases]
    assert len(set(names)) == len(names)
    boxes = [(area.code, box) for area in jurisdiction.areas for box in area.boxes]
    for code, (south, west, north, east) in boxes:
        assert south < north
        assert west < east
        for other, (s, w, n, e) in boxes:
            apart = north <= s or n <= south or east <= w or e <= west
            assert code == other or apart


def test_the_legal_clocks_are_those_of_permenpanrb_62_of_2018(jurisdiction):
    legal = jurisdiction.deadlines.legal
    assert {name: span.working_days for name, span in legal.items()} == {
        "information": 5,
        "complaint": 14,
        "supervision": 60,
    }
    assert all(span.source for span in legal.values())


def test_semarang_forwards_within_a_day_and_promises_three():
    deadlines = config.load("semarang").deadlines
    assert deadlines.dispatch.hours == 24
    assert deadlines.promise["complaint"].hours == 72


def test_jateng_forwards_within_three_working_days():
    assert config.load("jateng").deadlines.dispatch.working_days == 3


def test_holidays_are_dates_of_2019_to_2027(jurisdiction):
    years = {date.fromisoformat(day).year for day in jurisdiction.days_off}
    assert years == set(range(2019, 2028))
    assert "2026-08-17" in jurisdiction.holidays
    assert "2026-03-20" in jurisdiction.joint_leave


@pytest.mark.parametrize("one", IDS)
def test_what_a_package_carries_is_the_same_jurisdiction(one, tmp_path):
    (tmp_path / f"{one}.json").write_text(config.compiled(one), encoding="utf-8")
    assert config.jurisdiction_ids(tmp_path) == (one,)
    assert config.load(one, tmp_path) == config.load(one)


def test_an_unknown_key_is_named_with_its_file_and_category(copy):
    path = copy / "semarang" / "categories.toml"
    change(path, 'laporgub_class = "infrastruktur"', 'laporgub_class = "infrastruktur"\ncolour = 1')
    said = complaint_about(copy)
    assert str(path) in said
    assert "(jalan-rusak)" in said
    assert "colour" in said


def test_an_unknown_agency_in_a_rule_comes_with_a_suggestion(copy):
    change(copy / "semarang" / "routing.toml", 'agency = "semarang-dpu"', 'agency = "semarang-dpo"')
    said = complaint_about(copy)
    assert "rule jalan-kota" in said
    assert "did you mean 'semarang-dpu'?" in said


def test_a_decisive_keyword_must_be_a_keyword(copy):
    change(copy / "semarang" / "categories.toml", 'decisive = ["', 'decisive = ["zzz", "')
    assert "decisive keyword 'zzz' does not exist" in complaint_about(copy)


def test_a_rules_answer_must_be_one_that_the_attribute_allows(copy):
    path = copy / "semarang" / "routing.toml"
    change(path, 'pemilik_jalan = ["provinsi"]', 'pemilik_jalan = ["propinsi"]')
    assert complaint_about(copy) == (
        f"{path}: rules: rule jalan-provinsi: answer to pemilik_jalan 'propinsi' does not exist; "
        "did you mean 'provinsi'?"
    )


@pytest.mark.parametrize(
    ("file", "old", "key"),
    [
        ("categories", "keywords = [", "categories.0.keywords.0 (jalan-rusak)"),
        ("routing", "when.keywords = [", ".when.keywords.0"),
        ("routing", "when.not_keywords = [", ".when.not_keywords.0"),
    ],
)
def test_a_keyword_too_long_to_be_found_is_refused(copy, file, old, key):
    path = copy / "semarang" / f"{file}.toml"
    change(path, old, old + '"jalan yang rusak sekali itu", ')
    said = complaint_about(copy)
    assert str(path) in said
    assert key in said
    assert "'jalan yang rusak sekali itu' has 5 words; shorten it to 4 or fewer" in said


@pytest.mark.parametrize(
    ("agency", "where"),
    [
        ("semarang-dpu", "routing.toml: rules: rule jalan-kota: agency 'semarang-dpu'"),
        ("semarang-diskominfo", "jurisdiction.toml: triage: triage 'semarang-diskominfo'"),
    ],
)
def test_nothing_is_sent_to_an_agency_that_is_retired(copy, agency, where):
    path = copy / "semarang" / "agencies.toml"
    change(path, f'code = "{agency}"', f'code = "{agency}"\nretired = true')
    said = complaint_about(copy)
    assert where in said
    assert "is retired and receives nothing new; name the one that took over" in said


def test_a_heads_address_is_one_and_needs_words_to_be_sent_there(copy):
    path, notices = (copy / "semarang" / f"{name}.toml" for name in ("agencies", "notices"))
    code = 'code = "semarang-dpu"'
    change(path, code, f'{code}\nhead_email = "kepala dpu"')
    assert f"{path}: agencies.0.head_email (semarang-dpu)" in complaint_about(copy)
    change(path, "kepala dpu", "kepala@dpu.example")
    said = notices.read_text(encoding="utf-8")
    notices.write_text(said.partition("[notices.head]")[0], encoding="utf-8")
    told = "agency with a `head_email`, but `notices.head` is missing; add it"
    assert complaint_about(copy) == f"{path}: agencies: {told}"
    notices.write_text(said, encoding="utf-8")
    assert config.load("semarang", copy).agencies[0].head_email == "kepala@dpu.example"


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ("jateng-sp4m", "does not exist; did you mean 'jateng-sp4n'?"),
        ("jateng-sp4n", "is retired and receives nothing new; name the one that took over"),
    ],
)
def test_a_handoff_goes_to_an_agency_that_another_jurisdiction_has_and_has_not_retired(
    given, remedy
):
    jateng, semarang = (config.load(one) for one in IDS)
    agencies = tuple(
        agency.model_copy(update={"retired": agency.code == "jateng-sp4n"})
        for agency in jateng.agencies
    )
    jateng = jateng.model_copy(update={"agencies": agencies})
    semarang = semarang.model_copy(update={"handoffs": (given,)})
    with pytest.raises(config.ConfigError) as caught:
        config.check_together([jateng, semarang])
    path = config.CONFIG_DIR / "semarang" / "jurisdiction.toml"
    assert str(caught.value) == f"{path}: handoffs: handoff {given!r} {remedy}"


def test_a_code_too_long_for_a_roles_name_is_refused(copy):
    path = copy / "semarang" / "agencies.toml"
    change(path, 'code = "semarang-dispertan"', f'code = "semarang-{"x" * 36}"')
    said = complaint_about(copy)
    assert str(path) in said
    assert "at most 44 characters" in said


def test_a_missing_file_is_named_with_the_remedy(copy):
    path = copy / "semarang" / "agencies.toml"
    path.unlink()
    assert complaint_about(copy) == f"{path}: the file is missing; add it"


def test_bad_toml_is_named_with_its_line(copy):
    path = copy / "holidays.toml"
    path.write_text("holidays = [\n", encoding="utf-8")
    said = complaint_about(copy)
    assert str(path) in said
    assert "line" in said


def test_a_category_defined_twice_is_refused(copy):
    path = copy / "semarang" / "categories.toml"
    change(path, 'service_code = "trotoar-rusak"', 'service_code = "jalan-rusak"')
    assert "category 'jalan-rusak' is defined twice; keep one" in complaint_about(copy)


def test_a_key_in_two_files_is_refused(copy):
    path = copy / "semarang" / "deadlines.toml"
    change(copy / "semarang" / "routing.toml", "[text]", "[deadlines]\n[text]")
    said = complaint_about(copy)
    assert str(path) in said
    assert "key 'deadlines' is already set" in said


def test_values_belong_to_a_list_and_a_list_has_them(copy):
    change(copy / "semarang" / "attributes.toml", '"singlevaluelist"', '"string"')
    said = complaint_about(copy)
    assert "attributes.0 (pemilik_jalan)" in said
    assert "`values` belong to a list's datatype, and only to it" in said


def test_a_deadline_is_in_hours_or_in_working_days(copy):
    change(copy / "semarang" / "deadlines.toml", "hours = 24", "hours = 24\nworking_days = 1")
    assert "give either `hours` or `working_days`" in complaint_about(copy)


def test_an_agency_carries_its_own_jurisdictions_prefix(copy):
    change(copy / "semarang" / "agencies.toml", 'code = "semarang-dpu"', 'code = "demak-dpu"')
    assert "'demak-dpu' does not exist; known: none" in complaint_about(copy)


def test_an_unknown_name_like_no_other_comes_with_all_there_are(copy):
    codes = ", ".join(agency.code for agency in config.load("semarang").agencies)
    path = copy / "semarang" / "jurisdiction.toml"
    change(path, 'triage = "semarang-diskominfo"', 'triage = "xx-yy"')
    assert f"triage 'xx-yy' does not exist; known: {codes}" in complaint_about(copy)


def test_a_jurisdiction_finds_its_parts_by_code(jurisdiction):
    code = jurisdiction.agencies[0].code
    assert jurisdiction.agency_by_code[code] == jurisdiction.agencies[0]
    assert jurisdiction.category_by_code["sampah"].name.in_language("en") == "Waste"


def test_the_law_has_a_deadline_for_every_class() -> None:
    spans = {"working_days": 5, "source": "x"}
    with pytest.raises(ValidationError, match="lacks supervision"):
        Deadlines.model_validate(
            {"dispatch": spans, "legal": {"information": spans, "complaint": spans}}
        )
