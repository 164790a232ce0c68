"""Mails over an encrypted connection, with a login: nothing is told to a server that nobody vouches for."""

import base64
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from concord.worker.channels import Mail, NotTaken
from concord.workspace.notifying import EmailSettings

LOGIN = base64.b64encode(b"\0concord\0open sesame").decode()


class Smtp(StreamRequestHandler):
    """As much of a mail server as speaks TLS and asks who one is; it notes what it was told before it was encrypted."""

    def setup(self):
        if self.server.at_once:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        self.encrypted = self.server.at_once
        super().setup()

    def finish(self):
        super().finish()
        self.request.close()

    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            (self.server.told if self.encrypted else self.server.open).append(line)
            match line.split()[0].upper():
                case "EHLO":
                    offers = ["AUTH PLAIN"] if self.encrypted else ["STARTTLS"]
                    self.say(*[f"250-{each}" for each in ["here", *offers[:-1]]], f"250 {offers[-1]}")
                case "STARTTLS":
                    self.say("220 go on")
                    super().finish()
                    self.request = self.server.context.wrap_socket(self.request, server_side=True)
                    self.encrypted = True
                    super().setup()
                case "AUTH":
                    self.say("235 welcome" if line.split()[-1] == LOGIN else "535 who are you?")
                case "DATA":
                    self.say("354 go on")
                    while self.rfile.readline().decode().rstrip("\r\n") != ".":
                        pass
                    self.server.mails += 1
                    self.say("250 kept")
                case "QUIT":
                    return self.say("221 bye")
                case _:
                    self.say("250 fine")
        return None

    def say(self, *lines):
        self.wfile.write("".join(f"{each}\r\n" for each in lines).encode())


class Server(ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A client that breaks off is what is tested."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of 127.0.0.1 that vouches for itself, and its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.small.example")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("mail") / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + private)
    return file


@pytest.fixture(params=["starttls", "tls"])
def server(request, certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with Server(("127.0.0.1", 0), Smtp) as made:
        made.context, made.at_once, made.security = context, request.param == "tls", request.param
        made.mails, made.told, made.open = 0, [], []
        threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
        yield made
        made.shutdown()


def send(server):
    settings = EmailSettings(
        host="127.0.0.1",
        port=server.server_address[1],
        security=server.security,
        sender="concord@small.example",
        user="concord",
        password_env="SMTP_PASSWORD",
    )
    Mail(settings, "ann@small.example").send("1", "Your cases", [])


def test_a_mail_is_sent_after_a_login_that_nobody_can_read(server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("SMTP_PASSWORD", "open sesame")
    send(server)
    assert server.mails == 1 and f"AUTH PLAIN {LOGIN}" in server.told
    assert [each.split()[0].upper() for each in server.open] == ([] if server.at_once else ["EHLO", "STARTTLS"])


def test_a_wrong_password_sends_nothing(server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("SMTP_PASSWORD", "guessed")
    with pytest.raises(NotTaken, match="cannot be used"):
        send(server)
    assert server.mails == 0


def test_a_server_that_nobody_vouches_for_is_told_nothing(server, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SMTP_PASSWORD", "open sesame")
    with pytest.raises(NotTaken, match=r"CERTIFICATE_VERIFY_FAILED|certificate verify failed"):
        send(server)
    assert server.mails == 0 and not server.told
