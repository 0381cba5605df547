"""Letters leave by real mail servers, in clear only within the machine, and to no impostor."""

import smtplib
import socket
import ssl
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme

from app.config import Config, UnsafeConfiguration
from app.mail.transports import Unencrypted, sender_to
from tests.mail_servers import NAME, PASSWORD, mail_server

pytestmark = pytest.mark.field("faults 1", "faults 9")

HOST = "surel.contoh.example"
LOGIN = f"{quote(NAME)}:{quote(PASSWORD, safe='')}@"


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch):
    """Let a host of another name stand on this machine."""
    ask = socket.getaddrinfo

    def answer(host, *others, **named):
        return ask("127.0.0.1" if host == HOST else host, *others, **named)

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.fixture
def authority(monkeypatch, tmp_path) -> trustme.CA:
    """An authority whose certificates this machine trusts."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


def certified(authority: trustme.CA, name: str = HOST) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def send(url: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ajang@a.example", "b@b.example", "Halo"
    message.set_content("Tautan rahasia")
    sender_to(url, Path("unused"))(message)


def test_a_submission_server_takes_the_password_only_under_starttls(authority):
    with mail_server(starttls=certified(authority), asks=True) as (port, mailbox):
        send(f"smtp://{LOGIN}{HOST}:{port}")
    assert (mailbox.were_encrypted, mailbox.were_known) == ([True], [True])
    assert mailbox.messages[0].get_content().strip() == "Tautan rahasia"


def test_a_server_with_tls_from_the_start_takes_the_password(authority):
    with mail_server(tls=certified(authority), asks=True) as (port, mailbox):
        send(f"smtps://{LOGIN}{HOST}:{port}")
    assert mailbox.were_known == [True]


def test_starttls_is_used_where_no_password_is_asked_too(authority):
    with mail_server(starttls=certified(authority)) as (port, mailbox):
        send(f"smtp://{HOST}:{port}")
    assert mailbox.were_encrypted == [True]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_for_another_name_gets_neither_password_nor_letter(authority, scheme):
    wrong = certified(authority, "lain.contoh.example")
    options = {"starttls": wrong} if scheme == "smtp" else {"tls": wrong}
    with mail_server(**options, asks=True) as (port, mailbox):
        with pytest.raises(ssl.SSLCertVerificationError):
            send(f"{scheme}://{LOGIN}{HOST}:{port}")
        assert mailbox.messages == []


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_of_an_unknown_authority_gets_neither_password_nor_letter(scheme):
    unknown = certified(trustme.CA())
    options = {"starttls": unknown} if scheme == "smtp" else {"tls": unknown}
    with mail_server(**options, asks=True) as (port, mailbox):
        with pytest.raises(ssl.SSLCertVerificationError):
            send(f"{scheme}://{LOGIN}{HOST}:{port}")
        assert mailbox.messages == []


def test_nothing_goes_in_clear_to_another_machine():
    with mail_server() as (port, mailbox):
        with pytest.raises(Unencrypted):
            send(f"smtp://{HOST}:{port}")
        assert mailbox.messages == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_relay_on_this_machine_needs_no_encryption(host):
    with mail_server() as (port, mailbox):
        send(f"smtp://{host}:{port}")
    assert len(mailbox.messages) == 1


def test_a_wrong_password_is_refused(authority):
    with mail_server(starttls=certified(authority), asks=True) as (port, mailbox):
        with pytest.raises(smtplib.SMTPAuthenticationError):
            send(f"smtp://{NAME}:salah@{HOST}:{port}")
        assert mailbox.messages == []


@pytest.mark.parametrize(
    "url",
    ["smpt:/mail", "smtp://", "smtp:mail", "mail.contoh.example", "smtp://a:b", "http://a", ""],
)
def test_a_mistyped_address_of_the_mail_server_is_refused_at_the_start(url, tmp_path):
    with pytest.raises(UnsafeConfiguration, match="AJANG_MAIL_URL"):
        Config("x" * 40, "sqlite:///a", tmp_path, mail_url=url)
