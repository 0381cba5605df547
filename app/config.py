"""Settings from the environment; the application refuses to start with an unsafe one."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

MEGABYTE = 1024 * 1024
SHORTEST_SECRET = 32
BASE_URL = "http://127.0.0.1:8000"
INTO_FOLDER = "folder"
SENDER = "ajang@localhost"
PATIENCE = 20.0  # seconds that a request waits to write


class UnsafeConfiguration(Exception):
    """A setting that would make this deployment insecure or wrong."""


@dataclass(frozen=True)
class Config:
    """One deployment's settings; each is named `AJANG_` and its name in capitals."""

    secret_key: str
    database_url: str
    data: Path
    base_url: str = BASE_URL
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    https: bool = False
    mail_url: str = INTO_FOLDER
    mail_from: str = SENDER
    mail_reply_tokens: bool = False
    mail_authserv: str = ""
    zone: str = "Asia/Makassar"
    demo: bool = False
    clock_offset: timedelta = timedelta(0)
    body_limit: int = 12 * MEGABYTE
    form_limit: int = 3 * MEGABYTE
    form_fields: int = 5_000
    patience: float = PATIENCE
    session_lifetime: timedelta = timedelta(days=7)

    def __post_init__(self) -> None:
        """Raise `UnsafeConfiguration` for an unsafe setting."""
        if len(self.secret_key) < SHORTEST_SECRET:
            raise UnsafeConfiguration("AJANG_SECRET_KEY must have at least 32 characters.")
        if self.clock_offset and not self.demo:
            raise UnsafeConfiguration("AJANG_CLOCK_OFFSET is for demos: it needs AJANG_DEMO=1.")
        if not self.trusted_hosts:
            raise UnsafeConfiguration("AJANG_TRUSTED_HOSTS must name at least one host.")
        if self.https and not self.base_url.startswith("https://"):
            raise UnsafeConfiguration("AJANG_HTTPS=1 needs an AJANG_BASE_URL with https.")
        if self.zone not in available_timezones():
            raise UnsafeConfiguration("AJANG_ZONE must be a time zone such as Asia/Jakarta.")
        if not _is_mail_url(self.mail_url):
            raise UnsafeConfiguration(
                "AJANG_MAIL_URL must be folder, smtp://NAME:PASSWORD@HOST:PORT or smtps://…"
            )
        if not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise UnsafeConfiguration(
                "AJANG_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://."
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Config":
        """Read the settings from `AJANG_*`; raise `UnsafeConfiguration` for a bad one."""
        if not environment.get("AJANG_DATA"):
            raise UnsafeConfiguration("AJANG_DATA must name the folder that holds the data.")
        data = Path(environment["AJANG_DATA"])
        try:
            offset = timedelta(seconds=int(environment.get("AJANG_CLOCK_OFFSET") or 0))
        except ValueError as error:
            raise UnsafeConfiguration("AJANG_CLOCK_OFFSET must be whole seconds.") from error
        return cls(
            secret_key=environment.get("AJANG_SECRET_KEY", ""),
            database_url=environment.get("AJANG_DATABASE_URL") or f"sqlite:///{data}/ajang.sqlite",
            data=data,
            base_url=(environment.get("AJANG_BASE_URL") or BASE_URL).rstrip("/"),
            trusted_hosts=_names(environment.get("AJANG_TRUSTED_HOSTS", "127.0.0.1,localhost")),
            https=environment.get("AJANG_HTTPS") == "1",
            mail_url=environment.get("AJANG_MAIL_URL") or INTO_FOLDER,
            mail_from=environment.get("AJANG_MAIL_FROM") or SENDER,
            mail_reply_tokens=environment.get("AJANG_MAIL_REPLY_TOKENS") == "1",
            mail_authserv=environment.get("AJANG_MAIL_AUTHSERV", "").strip(),
            zone=environment.get("AJANG_ZONE") or cls.zone,
            demo=environment.get("AJANG_DEMO") == "1",
            clock_offset=offset,
        )

    @property
    def attachments(self) -> Path:
        """The folder that holds uploaded documents under random names."""
        return self.data / "attachments"

    @property
    def exports(self) -> Path:
        """The folder that holds large tables until the next one is written."""
        return self.data / "exports"

    @property
    def letters(self) -> Path:
        """The folder that holds mails as `.eml` files when no mail server is set."""
        return self.data / "mail"


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _is_mail_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_place = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return False
    return url == INTO_FOLDER or (has_place and parts.scheme in {"smtp", "smtps"})
