"""Mail servers on loopback: real ones, with TLS, passwords and certificates as tests want them."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.servers import free_port

NAME, PASSWORD = "ajang", "rahasia / @ %"


class Mailbox:
    """What a mail server has taken, from whom, and over which connection."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.were_encrypted: list[bool] = []
        self.were_known: list[bool] = []

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        self.were_encrypted.append(session.ssl is not None)
        self.were_known.append(session.authenticated)
        return "250 taken"


def _check(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, given) -> AuthResult:
    is_right = (given.login, given.password) == (NAME.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)


@contextmanager
def mail_server(
    *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None, asks: bool = False
) -> Iterator[tuple[int, Mailbox]]:
    """Serve with STARTTLS, TLS or neither; one that `asks` wants a password, under TLS alone."""
    mailbox = Mailbox()
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=tls,
        tls_context=starttls,
        authenticator=_check if asks else None,
        auth_required=asks and tls is None,  # the library warns of TLS that it does not see
        auth_require_tls=tls is None,
    )
    controller.start()
    try:
        yield controller.port, mailbox
    finally:
        controller.stop()
