"""Templates of notices are checked when configuration loads."""

import pytest
from pydantic import ValidationError

from shared import config
from shared.config import ConfigError
from shared.gsm import segments, unsendable
from shared.notices import Notice, Notices, Occasion
from shared.text import Text
from tests.small_config import NOTICES

JURISDICTIONS = config.jurisdiction_ids()


def a_notice(**texts):
    return Notice(**{"subject": Text("a", "b"), "body": Text("a", "b"), **texts})


@pytest.mark.parametrize(
    ("texts", "where", "said"),
    [
        ({"subject": Text("a $nomor", "b")}, "subject", "$nomor is not filled in here"),
        ({"subject": Text("a", "$category")}, "subject", "$category is not filled in here"),
        ({"body": Text("$agency", "b")}, "body", "there are $number, $until"),
        ({"body": Text("a", "$note")}, "body", "$note is not filled in here"),
        ({"details": Text("a", "$description")}, "details", "$description"),
        ({"sms": Text("a", "$category")}, "sms", "$category is not filled in here"),
        ({"subject": Text("a\nBcc: x@example.id", "b")}, "subject", "one line"),
        ({"subject": Text("a", "b\x00")}, "subject", "one line"),
        ({"body": Text("seharga 5$", "b")}, "body", "$$"),
        ({"sms": Text("selesai…", "b")}, "sms", "phones' alphabet"),
        ({"sms": Text("x" * 71 + "$link", "b")}, "sms", "more than 1 message"),
        ({"sms": Text("a", "x" * 97 + "$link$stop")}, "sms", "more than 2 message"),
    ],
)
def test_a_text_that_cannot_be_sent_as_it_is_is_refused_by_its_key(texts, where, said):
    with pytest.raises(ValidationError) as refused:
        a_notice(**texts)
    (mistake,) = refused.value.errors()
    assert mistake["loc"] == (where,)
    assert said in mistake["msg"]


def test_a_text_message_may_be_as_long_as_one_message_and_two_where_it_tells_how_to_stop():
    a_notice(sms=Text("x" * 70 + "$link", "x" * 96 + "$link$stop"))


def test_a_dollar_sign_is_written_twice():
    a_notice(body=Text("seharga 5$$", "b"))


@pytest.mark.parametrize(
    ("occasion", "name"),
    [("returned", "until"), ("withdrawn", "until"), ("reopened", "note"), ("closed", "note")],
)
def test_a_date_or_a_note_that_an_occasion_has_not_is_refused(occasion, name):
    said = Text(f"${name}", "b")
    notice = a_notice(body=said) if name == "until" else a_notice(details=said)
    texts = {**NOTICES.texts, Occasion(occasion): notice}
    with pytest.raises(ValidationError, match=rf"texts\.{occasion}: has no \${name}"):
        Notices(follow=NOTICES.follow, footer=NOTICES.footer, texts=texts)


def test_each_occasion_must_have_its_text():
    texts = dict(NOTICES.texts)
    del texts[Occasion.CLOSED]
    with pytest.raises(ValidationError, match="`texts` lack closed"):
        Notices(follow=NOTICES.follow, footer=NOTICES.footer, texts=texts)


@pytest.mark.parametrize("prefix", ["62", "+", "+062", "+62x"])
def test_text_messages_go_to_prefixes_of_numbers(prefix):
    with pytest.raises(ValidationError, match="sms_prefixes"):
        Notices(
            sms_prefixes=(prefix,),
            follow=NOTICES.follow,
            footer=NOTICES.footer,
            texts=NOTICES.texts,
        )


@pytest.mark.parametrize("jurisdiction_id", JURISDICTIONS)
def test_every_jurisdiction_has_notices_whose_text_messages_are_short(jurisdiction_id):
    notices = config.load(jurisdiction_id).notices
    assert notices
    assert notices.sms_prefixes == ("+62",)
    link = "https://aduan.semarangkota.go.id/v1/lacak#SMG-7ZK3Q9M4T0XWH." + "x" * 22
    for occasion, notice in notices.texts.items():
        for text in (notice.sms.id, notice.sms.en) if notice.sms else ():
            filled = text.replace("$link", link).replace("$number", "SMG-7ZK3Q9M4T0XWH")
            filled = filled.replace("$until", "20-11-2026")
            assert unsendable(filled) == ""
            if occasion is not Occasion.RECEIVED:
                assert segments(filled) == 1


def test_the_first_text_message_tells_how_to_stop_them_and_every_email_does():
    for jurisdiction_id in JURISDICTIONS:
        notices = config.load(jurisdiction_id).notices
        assert notices is not None
        first = notices.texts[Occasion.RECEIVED].sms
        assert first is not None
        assert "$stop" in first.id
        assert "$stop" in first.en
        assert "$stop" in notices.footer.id
        assert "$stop" in notices.footer.en


def test_a_mistake_in_the_file_is_told_with_file_and_key(tmp_path):
    import shutil

    root = tmp_path / "config"
    shutil.copytree(config.CONFIG_DIR, root)
    file = root / "semarang" / "notices.toml"
    file.write_text(file.read_text().replace("Laporan $number ditutup", "Laporan $nomer ditutup"))
    with pytest.raises(ConfigError) as refused:
        config.load("semarang", root)
    assert str(file) in str(refused.value)
    assert "notices.texts.closed.subject" in str(refused.value)
    assert "$nomer is not filled in here" in str(refused.value)
