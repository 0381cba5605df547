"""Handing a message to a mail server, or to a folder where none is set.

Letters carry secret links, and the server's password goes before them: neither is sent in clear to
another machine, and a server must prove its name (RFC 8314).
"""

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from app.config import INTO_FOLDER
from app.durable import write_durably
from app.workflow import N_, Message

Send = Callable[[EmailMessage], None]

SECONDS = 30  # without a word from the server
PORTS = {"smtp": 25, "smtps": 465}


class Unencrypted(smtplib.SMTPException):
    """The server on another machine offers no encryption."""


def sender_to(url: str, folder: Path) -> Send:
    """Return a function that sends a message: to `folder` for the URL “folder”, else over SMTP."""
    if url == INTO_FOLDER:
        return lambda message: _write_file(folder, message)
    return lambda message: _send_by_smtp(urlsplit(url), message)


def explained(error: str) -> Message:
    """Return what the beginning of an error, its type, means to who set the mail server."""
    return _MEANINGS.get(error.partition(":")[0], N_("The mail server did not accept the e-mail."))


def _write_file(folder: Path, message: EmailMessage) -> None:
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    write_durably(folder / f"{name}.eml", message.as_bytes())


def _send_by_smtp(to: SplitResult, message: EmailMessage) -> None:
    with _connected(to) as server:
        if to.scheme == "smtp":
            _encrypt(server, to.hostname or "")
        if to.username:
            server.login(unquote(to.username), unquote(to.password or ""))
        server.send_message(message)


def _connected(to: SplitResult) -> smtplib.SMTP:
    host, port = to.hostname or "", to.port or PORTS[to.scheme]
    if to.scheme == "smtp":
        return smtplib.SMTP(host, port, timeout=SECONDS)
    return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())


def _encrypt(server: smtplib.SMTP, host: str) -> None:
    """Go on under encryption; raise Unencrypted if a server on another machine offers none."""
    server.ehlo()  # only afterwards is it known what the server offers
    if server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
    elif not _is_this_machine(host):
        raise Unencrypted(f"{host} offers no STARTTLS")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_MEANINGS = {
    "ConnectionRefusedError": N_("There is no answer at the mail server's address."),
    "TimeoutError": N_("The mail server does not answer."),
    "gaierror": N_("The mail server's host name can't be found."),
    "SSLCertVerificationError": N_(
        "The mail server's certificate is not valid for its name, so nothing was sent to it."
    ),
    "SSLError": N_("The mail server does not use TLS on this port: try smtp:// or smtps://."),
    "Unencrypted": N_("The mail server offers no encryption, so nothing was sent to it."),
    "SMTPNotSupportedError": N_("The mail server does not accept a password."),
    "SMTPAuthenticationError": N_("The mail server refused the name or the password."),
    "SMTPSenderRefused": N_("The mail server refused the sender's address."),
    "SMTPRecipientsRefused": N_("The mail server refused the recipient's address."),
    "SMTPServerDisconnected": N_("The mail server closed the connection."),
}
