"""People, their sessions, one-use links and the throttle of sign-ins."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Moment, choice


class LinkKind(StrEnum):
    """What a one-use link is for."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 -- a kind of link, not a password


class Person(Base):
    """Somebody who can sign in. E-mail, telephone and NIP never appear on a public page."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(32), default="")
    nip: Mapped[str] = mapped_column(String(32), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5), default="id")
    is_site_admin: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)

    is_authenticated = True
    is_active = True
    is_anonymous = False


class SignIn(Base):
    """A session: one browser of one person. The cookie holds the token, the row its hash."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship(lazy="joined")


class OneUseLink(Base):
    """A link that sets a password once: an invitation or a reset."""

    __tablename__ = "one_use_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[LinkKind] = mapped_column(choice(LinkKind, name="kind"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship(lazy="joined")


class EmailChange(Base):
    """An address that somebody wants to have and has not confirmed yet: one at a time."""

    __tablename__ = "email_change"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    email: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)

    person: Mapped[Person] = relationship(lazy="joined")


class Throttle(Base):
    """How often something was tried within the current period: a sign-in, a reset."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    tries: Mapped[int]
    until: Mapped[datetime] = mapped_column(Moment)
