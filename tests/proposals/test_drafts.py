"""What is not submitted yet: reminders and extensions, each a recorded act."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.demo.moments import WINDOWS
from app.editions.kinds import Role, Stage
from app.editions.units import Agency
from app.mail.models import Letter
from app.proposals.models import Proposal
from tests.cast import address, ask, author_of, drafts, submitted
from tests.clients import fields_of, form_of
from tests.conftest import E
from tests.factories import make_member, the_edition

PAGE = f"{E}/proposals/drafts"
LATE = {"until": "2019-09-25T12:00", "reason": "Listrik padam."}


@pytest.fixture
def email(app, number) -> str:
    """Where letters to the draft's author go."""
    return address(app, author_of(number))


def letters(app) -> list[tuple[str, str]]:
    with app.app_context(), transaction(writing=False):
        rows = db.session.execute(
            sa.select(Letter.recipient, Letter.subject).order_by(Letter.id)
        ).all()
        return [tuple(row) for row in rows]


def close_submission() -> None:
    clock.shift(WINDOWS[Stage.SUBMISSION][1] + timedelta(hours=1) - clock.real_now())


def test_rule_2_only_the_marked_drafts_are_reminded(app, organiser, number, email):
    before = len(letters(app))
    assert email in organiser.get(PAGE).text
    marked = [str(number), str(ask(app, submitted)[0])]
    assert organiser.post(f"{PAGE}/reminder", {"proposal": marked}).status_code == 302
    assert [recipient for recipient, _ in letters(app)[before:]] == [email]
    assert organiser.post(f"{PAGE}/reminder", {}).status_code == 422


def test_rule_2_an_extension_is_for_some_and_recorded_with_its_reason(
    app, organiser, author, browse, number, place, email
):
    close_submission()
    other = ask(app, drafts)[1]
    colleague = browse(app, author_of(other))
    assert author.post(f"{place}/documents/1").status_code == 409
    fields = LATE | {"proposal": str(number)}
    assert organiser.post(f"{PAGE}/extension", fields).status_code == 302
    assert "Diperpanjang sampai" in organiser.get(PAGE).text
    assert author.post(f"{place}/documents/1").status_code == 422  # no file, but open
    assert colleague.post(f"{E}/proposals/{other}/documents/1").status_code == 409
    assert letters(app)[-1][0] == email
    with app.app_context(), transaction(writing=False):
        entry = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "deadline.extend")
        ).one()
        assert "Listrik padam." in entry.content


def test_an_extension_ends_too(organiser, author, number, place):
    organiser.post(f"{PAGE}/extension", LATE | {"proposal": str(number)})
    close_submission()
    clock.shift(clock.now() + timedelta(days=30) - clock.real_now())
    assert author.post(f"{place}/documents/1").status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"until": ""}, {"until": "2019-01-01T10:00"}, {"until": "kemarin"}],
)
def test_an_extension_without_what_it_needs_is_422_and_keeps_the_marks(
    app, organiser, number, wrong
):
    marked = {"proposal": str(number)}
    answer = organiser.post(f"{PAGE}/extension", LATE | marked | wrong)
    assert answer.status_code == 422
    assert fields_of(form_of(answer))["proposal"] == str(number)
    with app.app_context(), transaction(writing=False):
        extended = sa.select(sa.func.count()).where(Proposal.extended_until.is_not(None))
        assert db.session.scalar(extended) == 0


def test_agencies_without_an_entry_are_reminded(app, organiser):
    with app.app_context(), transaction(writing=True):
        silent = db.session.scalars(
            sa.select(Agency).where(Agency.id.not_in(sa.select(Proposal.agency_id)))
        ).first()
        make_member(the_edition(), "Inovator", Role.INNOVATOR, agency=silent)
        name = silent.name
    assert name in organiser.get(PAGE).text
    before = len(letters(app))
    assert organiser.post(f"{PAGE}/invitation").status_code == 302
    assert letters(app)[before:][0][1].startswith(name)
    close_submission()
    assert organiser.post(f"{PAGE}/invitation").status_code == 409


def test_drafts_are_those_never_submitted(app, organiser):
    assert organiser.get(PAGE).text.count('type="checkbox"') == len(ask(app, drafts))


def test_all_means_all_that_the_filters_find(app, organiser, author, place, email):
    author.fill(f"{place}/draft", title="Inovasi dengan judul lain")
    text = organiser.get(f"{PAGE}?search=judul+lain").text
    everybody = [address(app, author_of(draft)) for draft in ask(app, drafts)]
    assert [person for person in everybody if person in text] == [email]
    before = len(letters(app))
    filtered = {"scope": "all", "search": "judul lain"}
    assert organiser.post(f"{PAGE}/reminder", filtered).status_code == 302
    assert [recipient for recipient, _ in letters(app)[before:]] == [email]
