"""What is not submitted yet: reminders and extensions, each a recorded act."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.audit.models import AuditEntry
from app.database import db, transaction
from app.demo import WINDOWS
from app.editions.kinds import Stage
from app.editions.models import Agency, Membership
from app.editions.queries import locked_edition
from app.mail.models import Letter
from app.proposals.models import Proposal
from app.workflow import Status
from tests.clients import fields_of, form_of
from tests.conftest import SLUG, E

PAGE = f"{E}/proposals/drafts"
LATE = {"until": "2019-09-25T12:00", "reason": "Listrik padam."}


@pytest.fixture
def app(make_app):
    return make_app("draft")


@pytest.fixture
def organiser(app, browse):
    return browse(app, "sekretariat")


def letters(app) -> list[tuple[str, str]]:
    with app.app_context(), transaction(writing=False):
        rows = db.session.execute(
            sa.select(Letter.recipient, Letter.subject).order_by(Letter.id)
        ).all()
        return [tuple(row) for row in rows]


def close_submission() -> None:
    clock.shift(WINDOWS[Stage.SUBMISSION][1] + timedelta(hours=1) - clock.real_now())


def test_rule_2_only_the_marked_drafts_are_reminded(app, organiser):
    before = len(letters(app))
    assert "inovator-03@" in organiser.get(PAGE).text
    assert organiser.post(f"{PAGE}/reminder", {"proposal": ["3", "1"]}).status_code == 302
    sent = letters(app)[before:]
    assert [recipient.split("@")[0] for recipient, _ in sent] == ["inovator-03"]
    assert organiser.post(f"{PAGE}/reminder", {}).status_code == 422


def test_rule_2_an_extension_is_for_some_and_recorded_with_its_reason(app, organiser, browse):
    close_submission()
    late, other = browse(app, "inovator-03"), browse(app, "inovator-06")
    assert late.post(f"{E}/proposals/3/documents/1").status_code == 409
    fields = LATE | {"proposal": "3"}
    assert organiser.post(f"{PAGE}/extension", fields).status_code == 302
    assert "Diperpanjang sampai" in organiser.get(PAGE).text
    assert late.post(f"{E}/proposals/3/documents/1").status_code == 422  # no file, but open
    assert other.post(f"{E}/proposals/6/documents/1").status_code == 409
    assert letters(app)[-1][0].startswith("inovator-03@")
    with app.app_context(), transaction(writing=False):
        entry = db.session.scalars(
            sa.select(AuditEntry).where(AuditEntry.action == "deadline.extend")
        ).one()
        assert "Listrik padam." in entry.content


def test_an_extension_ends_too(app, organiser, browse):
    organiser.post(f"{PAGE}/extension", LATE | {"proposal": "3"})
    close_submission()
    clock.shift(clock.now() + timedelta(days=30) - clock.real_now())
    late = browse(app, "inovator-03")
    assert late.post(f"{E}/proposals/3/documents/1").status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"until": ""}, {"until": "2019-01-01T10:00"}, {"until": "kemarin"}],
)
def test_an_extension_without_what_it_needs_is_422_and_keeps_the_marks(app, organiser, wrong):
    answer = organiser.post(f"{PAGE}/extension", LATE | {"proposal": "3"} | wrong)
    assert answer.status_code == 422
    assert fields_of(form_of(answer))["proposal"] == "3"
    with app.app_context(), transaction(writing=False):
        extended = sa.select(sa.func.count()).where(Proposal.extended_until.is_not(None))
        assert db.session.scalar(extended) == 0


def test_agencies_without_an_entry_are_reminded(app, organiser):
    with app.app_context(), transaction(writing=True):
        edition = locked_edition(SLUG)
        silent = db.session.scalars(
            sa.select(Agency).where(Agency.id.not_in(sa.select(Proposal.agency_id)))
        ).first()
        name = silent.name
        agency_id = db.session.scalar(sa.select(Proposal.agency_id).where(Proposal.number == 27))
        db.session.execute(
            sa.update(Membership)
            .where(Membership.agency_id == agency_id, Membership.edition_id == edition.id)
            .values(agency_id=silent.id)
        )
    assert name in organiser.get(PAGE).text
    before = len(letters(app))
    assert organiser.post(f"{PAGE}/invitation").status_code == 302
    assert letters(app)[before:][0][1].startswith(name)
    close_submission()
    assert organiser.post(f"{PAGE}/invitation").status_code == 409


def test_drafts_are_those_never_submitted(app, organiser):
    with app.app_context(), transaction(writing=False):
        count = db.session.scalar(sa.select(sa.func.count()).where(Proposal.status == Status.DRAFT))
    assert organiser.get(PAGE).text.count('type="checkbox"') == count


def test_all_means_all_that_the_filters_find(app, organiser):
    text = organiser.get(f"{PAGE}?search=donor").text
    assert ("inovator-03@" in text, "inovator-06@" in text) == (True, False)
    before = len(letters(app))
    assert (
        organiser.post(f"{PAGE}/reminder", {"scope": "all", "search": "donor"}).status_code == 302
    )
    assert [name.split("@")[0] for name, _ in letters(app)[before:]] == ["inovator-03"]
