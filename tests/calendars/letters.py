"""The letters that the worker writes about the schedule, and answers to them by mail."""

import sqlalchemy as sa

from app import clock
from app.calendars.entries import uid_of
from app.calendars.invitations import tell_changes
from app.calendars.reply_pages import sender
from app.calendars.tickets import Ticket, reply_token
from app.database import db, transaction
from app.mail.models import Letter
from tests.cast import Part, address, judge
from tests.databases import BASE
from tests.factories import the_person, the_proposal

REPLY = """\
{headers}From: {sender}
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
DTSTAMP:{stamp}
ORGANIZER:mailto:{organizer}
ATTENDEE;PARTSTAT={answer}:mailto:{attendee}
{more}END:VEVENT
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
    """Pipe the answer of a calendar program into the command; return its exit code and output.

    It goes to the secret address of the person's invitation, as `organizer`.
    """
    with app.app_context(), transaction(writing=False):
        proposal = the_proposal(number)
        uid = uid_of(proposal, proposal.edition)
    values = {"uid": uid, "sequence": 0, "answer": answer, "attendee": who, "sender": who}
    values |= {"organizer": reply_address(app, number, who), "stamp": "20191001T020000Z"}
    values |= {"headers": "", "more": ""} | changes
    people = {role: address(app, values[role]) for role in ("attendee", "sender")}
    return piped(app, REPLY.format(**values | people).replace("\n", "\r\n").encode())


def reply_address(app, number: int, who: str | Part = judge) -> str:
    """The secret address for the answer to an invitation."""
    with app.app_context(), transaction(writing=False):
        ticket = Ticket(the_proposal(number).id, the_person(who).id)
    return f"ajang+{reply_token(ticket, app.config['AJANG'].secret_key)}@localhost"


def piped(app, message: bytes) -> tuple[int, str]:
    """Pipe a mail into the command; return its exit code and output."""
    result = app.test_cli_runner().invoke(args=["calendar", "reply"], input=message)
    return result.exit_code, result.output
