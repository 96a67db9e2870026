"""Where notices may go, and where they may not."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messengers.addresses import (
    Endpoint,
    endpoint,
    is_public,
    reachable,
    takes_mail,
    takes_sms,
)


@pytest.mark.parametrize(
    "address",
    ["a@b.id", "bu.tutik+lapor@mail.semarangkota.go.id", "o'neill@example.co", "x@a-b.id"],
)
def test_plain_mailboxes_take_mail(address):
    assert takes_mail(address)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.id, c@d.id", "a@b.id\nBcc: c@d.id", "x<b@c.id>", "<b@c.id>", '"a b"@c.id', "a..b@c.id",
        ".a@b.id", "a.@b.id", "a@b", "a@-b.id", "a@b-.id", "a@b.1", "a@[127.0.0.1]", "a,b@c.id",
        "a;b@c.id", "ā@b.id", "a@bücher.id", "a@b@c.id", "@b.id", "a" * 65 + "@b.id",
        "a@" + "b" * 64 + ".id", "a@" + "b." * 130 + "id", "a(b)@c.id", "a@b.id\n",
    ],
)  # fmt: skip
def test_what_could_be_read_as_more_than_one_mailbox_takes_none(address):
    assert not takes_mail(address)


def test_text_messages_go_to_the_countries_that_are_served():
    assert takes_sms("+6281200000001", ("+62",))
    assert takes_sms("+15550100", ("+62", "+1"))
    assert not takes_sms("+881200000001", ("+62",))
    assert not takes_sms("+62812\n", ("+62",))
    assert not takes_sms("081200000001", ("+62", "08"))
    assert not takes_sms("+6281200000001", ())


def test_a_public_https_url_leads_to_its_server():
    found = endpoint("https://Hooks.Partner.example:443/simpul?tenant=1&x='%20")
    assert found == Endpoint(
        host="hooks.partner.example", port=443, target="/simpul?tenant=1&x='%20"
    )
    assert endpoint("https://partner.example") == Endpoint(
        host="partner.example", port=443, target="/"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://partner.example/", "https://partner.example:8443/", "https://127.0.0.1/",
        "https://[::1]/", "https://2130706433/", "https://0x7f.1/", "https://localhost/",
        "https://user:pass@partner.example/", "https://partner.example#x", "https://partner.example/#x",
        "https://partner.example/a b", "https://partner.example/\r\nX: 1", "https://partner.example/é",
        "https://partner.example\\@127.0.0.1/", "https://bücher.example/", "https:///x", "ftp://a.id/",
        "https://a..id/", "https://-a.id/", "https://a.id./", " https://a.id/", "https://a.id/\n",
        "https://a.id?x", "https://partner.example/" + "x" * 500,
        "https://" + ".".join(["a" * 60] * 5) + ".id/",
    ],
)  # fmt: skip
def test_any_other_url_leads_nowhere(url):
    assert endpoint(url) is None
    assert endpoint(url, loopback=True) is None


def test_a_test_may_have_a_receiver_on_its_own_machine():
    for host in ("localhost", "127.0.0.1"):
        url = f"http://{host}:4604/hook"
        assert endpoint(url) is None
        assert endpoint(url, loopback=True) == Endpoint(
            host=host, port=4604, target="/hook", encrypted=False
        )
    assert endpoint("http://127.0.0.2:4604/", loopback=True) is None
    assert endpoint("http://localhost:80", loopback=True) == Endpoint(
        host="localhost", port=80, target="/", encrypted=False
    )
    assert endpoint("http://169.254.169.254:80/", loopback=True) is None


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "255.255.255.255", "224.0.0.1", "239.1.1.1", "240.0.0.1", "192.0.2.1",
        "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::a00:1",
        "2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1", "2606:4700::1%1", "not an address", "", "0.0.0.1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_the_internets_own_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "103.10.61.1", "2606:4700:4700::1111", "2404:6800::1"]
)
def test_addresses_of_the_internet_are_public(address):
    assert is_public(address)


def test_ipv4_is_tried_first_and_each_address_once():
    found = reachable(["2606:4700::1", "8.8.8.8", "2606:4700::1", "1.1.1.1"])
    assert found == ["8.8.8.8", "1.1.1.1", "2606:4700::1"]


def test_a_name_that_leads_inwards_too_leads_nowhere():
    assert reachable(["8.8.8.8", "127.0.0.1"]) == ()
    assert not reachable([])


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_becomes_public_by_being_written_as_ipv6(address):
    written = [
        f"::ffff:{address}",
        f"::{address}",
        f"64:ff9b::{address}",
        str(IPv6Address((0x2002 << 112) | (int(address) << 80))),
    ]
    assert not any(map(is_public, written))


@given(st.ip_addresses())
def test_whatever_is_public_is_global(address):
    if is_public(str(address)):
        assert address.is_global
        assert not address.is_private
        assert not address.is_multicast
        assert not address.is_loopback
        assert not address.is_link_local
    assert isinstance(address, IPv4Address | IPv6Address)
