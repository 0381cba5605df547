"""The letters that the worker writes about the schedule, and answers to them by mail."""

import sqlalchemy as sa

from app import clock
from app.calendars.invitations import tell_changes
from app.calendars.reply_pages import sender
from app.database import db, transaction
from app.demo import DOMAIN
from app.mail.models import Letter
from app.proposals.models import Proposal
from tests.databases import BASE

REPLY = """\
From: {sender}
To: ajang@localhost
Subject: Accepted
MIME-Version: 1.0
Content-Type: text/calendar; method=REPLY; charset=utf-8

BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Calendar//EN
METHOD:REPLY
BEGIN:VEVENT
UID:{uid}
SEQUENCE:{sequence}
DTSTAMP:20191001T020000Z
ORGANIZER:mailto:ajang@localhost
ATTENDEE;PARTSTAT={answer}:mailto:{attendee}
END:VEVENT
END:VCALENDAR
"""


def letters_of(app) -> list[Letter]:
    """Let the worker write what is to be told; return the new letters."""
    with app.app_context():
        with transaction(writing=False):
            last = db.session.scalar(sa.select(sa.func.max(Letter.id))) or 0
        with app.test_request_context(base_url=BASE):
            tell_changes(sender(app.config["AJANG"]), now=clock.now())
        with transaction(writing=False):
            newer = sa.select(Letter).where(Letter.id > last).order_by(Letter.id)
            found = list(db.session.scalars(newer))
            db.session.expunge_all()
            return found


def recipients(letters) -> set[str]:
    return {each.recipient.partition("@")[0] for each in letters}


def reply(app, number: int, person: str, answer: str = "DECLINED", **changes) -> tuple[int, str]:
    """Pipe the answer of a calendar program into the command; return its exit code and output."""
    address = f"{person}@{DOMAIN}"
    with app.app_context(), transaction(writing=False):
        found = db.session.scalars(sa.select(Proposal).where(Proposal.number == number)).one()
        uid = f"presentation-{found.id}@{found.edition.slug}.ajang"
    values = {"uid": uid, "sequence": 0, "answer": answer, "attendee": address, "sender": address}
    message = REPLY.format(**values | changes).replace("\n", "\r\n")
    result = app.test_cli_runner().invoke(args=["calendar", "reply"], input=message)
    return result.exit_code, result.output
