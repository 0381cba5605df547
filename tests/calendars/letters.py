"""The letters that the worker writes about the schedule, and answers to them by mail."""

import sqlalchemy as sa

from app import clock
from app.calendars.invitations import tell_changes
from app.calendars.reply_pages import sender
from app.database import db, transaction
from app.mail.models import Letter
from tests.cast import Part, address
from tests.databases import BASE
from tests.factories import the_proposal

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


def reply(
    app, number: int, who: str | Part, answer: str = "DECLINED", **changes
) -> tuple[int, str]:
    """Pipe the answer of a calendar program into the command; return its exit code and output."""
    with app.app_context(), transaction(writing=False):
        proposal = the_proposal(number)
        uid = f"presentation-{proposal.id}@{proposal.edition.slug}.ajang"
    values = {"uid": uid, "sequence": 0, "answer": answer, "attendee": who, "sender": who} | changes
    people = {role: address(app, values[role]) for role in ("attendee", "sender")}
    message = REPLY.format(**values | people).replace("\n", "\r\n")
    result = app.test_cli_runner().invoke(args=["calendar", "reply"], input=message)
    return result.exit_code, result.output
