"""A webhook goes to the server that its name leads to, and to nothing else."""

import datetime as dt
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.messengers import posting
from shared.messengers.addresses import Endpoint
from shared.messengers.posting import NotDelivered, post

PARTNER = Endpoint(host="partner.example", port=443, target="/hook?tenant=1")
LOOPBACK = Endpoint(host="localhost", port=4604, target="/hook", encrypted=False)
OK = b"HTTP/1.1 204 No Content\r\n\r\n"


class Server:
    """The other end of each connection: what was sent to it, and to which addresses."""

    def __init__(self, answer=OK, context=None, refusing=()):
        self.answer, self.context, self.refusing = answer, context, refusing
        self.asked: list[str] = []
        self.connected: list[tuple[str, int]] = []
        self.received = b""
        self.server_name = None
        self.threads: list[threading.Thread] = []

    def connect(self, address, timeout):
        assert timeout > 0
        self.connected.append(address)
        if address[0] in self.refusing:
            raise ConnectionRefusedError
        ours, theirs = socket.socketpair()
        ours.settimeout(timeout)
        thread = threading.Thread(target=self.serve, args=(theirs,))
        thread.start()
        self.threads.append(thread)
        return ours

    def serve(self, connection):
        with connection:
            try:
                if self.context:
                    connection = self.context.wrap_socket(connection, server_side=True)
                self.received = connection.recv(65536)
                while b"{}" not in self.received and self.received:
                    self.received += connection.recv(65536)
                connection.sendall(self.answer)
                connection.close()
            except OSError:
                pass  # the client went away, which the test is about


def certificate(tmp_path, name):
    """Return a context of a server whose certificate is for `name`, and one that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file = tmp_path / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(pem)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=made.public_bytes(pem).decode())


@pytest.fixture
def world(monkeypatch):
    """Let a server stand where connections go, and a name lead to addresses."""
    servers = []

    def make(server, *addresses):
        def resolve(host, port, **_):
            server.asked.append(host)
            if not addresses:
                raise socket.gaierror
            return [(None, None, None, "", (address, port)) for address in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        monkeypatch.setattr(socket, "create_connection", server.connect)
        servers.append(server)
        return server

    yield make
    for thread in (one for server in servers for one in server.threads):
        thread.join(5)
        assert not thread.is_alive()


def test_a_webhook_is_posted_to_the_address_that_was_checked_and_encrypted_by_name(
    world, tmp_path, monkeypatch
):
    server_side, trusting = certificate(tmp_path, "partner.example")
    monkeypatch.setattr(posting, "_trust", lambda: trusting)
    server = world(Server(context=server_side), "8.8.8.8")
    named = []
    server_side.sni_callback = lambda _, name, __: named.append(name)
    assert post(PARTNER, {"webhook-id": "a"}, b"{}") == 204
    assert server.connected == [("8.8.8.8", 443)]
    assert server.asked == ["partner.example"]  # once: nobody gets to answer differently
    assert named == ["partner.example"]
    head, _, body = server.received.partition(b"\r\n\r\n")
    assert body == b"{}"
    assert head.decode().split("\r\n") == [
        "POST /hook?tenant=1 HTTP/1.1",
        "Host: partner.example",
        "User-Agent: simpul-webhooks/1",
        "Content-Type: application/json",
        "Content-Length: 2",
        "Connection: close",
        "webhook-id: a",
    ]


def test_a_certificate_of_another_name_is_refused(world, tmp_path, monkeypatch):
    server_side, trusting = certificate(tmp_path, "other.example")
    monkeypatch.setattr(posting, "_trust", lambda: trusting)
    server = world(Server(context=server_side), "8.8.8.8")
    with pytest.raises(NotDelivered, match="SSLCertVerificationError"):
        post(PARTNER, {}, b"{}")
    assert server.received == b""


def test_a_certificate_that_no_authority_signed_is_refused(world, tmp_path):
    server_side, _ = certificate(tmp_path, "partner.example")
    server = world(Server(context=server_side), "8.8.8.8")
    with pytest.raises(NotDelivered, match="SSLCertVerificationError"):
        post(PARTNER, {}, b"{}")
    assert server.received == b""


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("169.254.169.254",),
        ("8.8.8.8", "10.0.0.1"),
        ("::ffff:127.0.0.1",),
        ("64:ff9b::a00:1",),
    ],
)
def test_a_name_that_leads_inwards_is_never_connected_to(world, addresses):
    server = world(Server(), *addresses)
    with pytest.raises(NotDelivered, match="not public"):
        post(PARTNER, {}, b"{}")
    assert server.connected == []


def test_a_name_that_leads_nowhere_is_not_delivered_to(world):
    world(Server())
    with pytest.raises(NotDelivered, match="gaierror"):
        post(PARTNER, {}, b"{}")


def test_the_next_address_is_tried_when_one_takes_no_connection(world, tmp_path, monkeypatch):
    server_side, trusting = certificate(tmp_path, "partner.example")
    monkeypatch.setattr(posting, "_trust", lambda: trusting)
    server = world(
        Server(context=server_side, refusing={"8.8.8.8"}), "2606:4700::1", "8.8.8.8", "1.1.1.1"
    )
    assert post(PARTNER, {}, b"{}") == 204
    assert server.connected == [("8.8.8.8", 443), ("1.1.1.1", 443)]


def test_a_server_that_takes_no_connection_is_not_delivered_to(world):
    world(Server(refusing={"8.8.8.8"}), "8.8.8.8")
    with pytest.raises(NotDelivered, match="ConnectionRefusedError"):
        post(PARTNER, {}, b"{}")


def test_a_receiver_on_this_machine_is_reached_without_asking_for_its_name(world):
    server = world(Server(), "8.8.8.8")
    assert post(LOOPBACK, {}, b"{}") == 204
    assert server.connected == [("127.0.0.1", 4604)]
    assert server.asked == []
    assert b"Host: localhost:4604\r\n" in server.received


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\nx", 200),
        (b"HTTP/1.0 410\r\n\r\n", 410),
        (b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\n\r\n", 301),
        (b"HTTP/1.1 500 Oops\n", 500),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 202 OK\r\n",
            202,
        ),
    ],
)
def test_of_an_answer_only_the_final_status_counts_and_no_redirect_is_followed(
    world, answer, status
):
    server = world(Server(answer))
    assert post(LOOPBACK, {}, b"{}") == status
    assert len(server.connected) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"", "ConnectionError"),
        (b"HTTP/1.1 20", "ConnectionError"),
        (b"SSH-2.0-OpenSSH\r\n", "ValueError"),
        (b"HTTP/1.1 200" + b"x" * 99999, "ValueError"),
        (b"HTTP/1.1 100 Continue\r\n" + b"x: y\r\n" * 9999, "ValueError"),
    ],
)
def test_what_is_no_answer_is_not_delivered(world, answer, said):
    world(Server(answer))
    with pytest.raises(NotDelivered, match=said):
        post(LOOPBACK, {}, b"{}")


def test_a_server_that_answers_drop_by_drop_is_not_waited_for(world, monkeypatch):
    clock = iter(range(0, 1000, 3))  # each look at the clock is three seconds later
    monkeypatch.setattr(f"{posting.__name__}.time.monotonic", lambda: float(next(clock)))
    world(Server(b"HTTP/1.1 100 Continue\r\nx: "))
    with pytest.raises(NotDelivered, match="TimeoutError"):
        post(LOOPBACK, {}, b"{}")


def test_certificates_are_checked_by_the_systems_authorities_and_by_name():
    context = posting._trust()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
