"""What people wrote carries its language on English pages, wherever it stands (WCAG 3.1.2)."""

import re

import pytest
import sqlalchemy as sa

from app.awards.models import Award
from app.database import db, transaction
from app.editions.kinds import SectionKind
from app.editions.models import Edition
from app.editions.parts import Criterion, Section
from app.evaluation.models import ConflictKind, ConflictOfInterest, Score, Sheet
from app.programme.models import Invitation, Version
from app.proposals.models import Proposal, SectionText
from app.screening.models import Decision, EligibilityFinding, Finding, Remark
from tests import cast
from tests.conftest import E
from tests.factories import the_edition

MARK = "Kalimatpenanda"
WRITTEN = [
    (Award, "reason"),
    (ConflictOfInterest, "reason"),
    (Criterion, "guidance"),
    (Decision, "reason"),
    (Edition, "contact"),
    (Edition, "legal_basis"),
    (EligibilityFinding, "note"),
    (Invitation, "comment"),
    (Remark, "text"),
    (Score, "note"),
    (Section, "guidance"),
    (SectionText, "text"),
    (Sheet, "comment"),
    (Version, "note"),
]
CHANGED = {  # answers that are chosen have their English
    SectionText: SectionText.section_id.in_(sa.select(Section.id).filter_by(kind=SectionKind.TEXT))
}
PAGES = {
    "sekretariat": [
        *("", "/results", "/plenary", "/ranking", "/tabulation", "/screening", "/conflicts"),
        *("/proposals/1", "/proposals/1/decision", "/proposals/1/eligibility"),
        *("/proposals/1/discussion", "/proposals/preview"),
        *(
            "/schedule/versions",
            "/schedule/versions/1",
            "/schedule/answers",
            "/schedule",
            "/innovations/1",
        ),
        *("/arrangement", "/schedule/warnings", "/audit", "/people", "/cockpit"),
    ],
    "juri-1": ["/proposals/2/sheets/presentation", "/sheets/presentation", "/schedule"],
    cast.author_of(1): ["/proposals/1/feedback", "/proposals/1", "/innovations/1"],
    None: ["", "/results", "/innovations/1"],
}


def unmarked(page) -> list[str]:
    """Where the sentence stands without its language; what is in a field is the reader's own."""
    found = page.html.find_all(string=re.compile(MARK))
    shown = [
        text for text in found if not text.find_parent(["textarea", "template", "title", "script"])
    ]
    return [str(text.parent)[:150] for text in shown if not text.find_parent(attrs={"lang": "id"})]


@pytest.fixture
def app(make_app):
    app = make_app("published")
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        [proposal] = db.session.scalars(sa.select(Proposal).filter_by(number=1))
        person = proposal.authors[0]
        told = {"recorded_by_id": person.id, "recorded_at": edition.created_at}
        about = {"proposal_id": proposal.id, "person_id": person.id}
        db.session.add(ConflictOfInterest(kind=ConflictKind.FAMILY, reason=MARK, **about, **told))
        db.session.add(
            Remark(
                proposal_id=proposal.id,
                person_id=person.id,
                text=MARK,
                written_at=edition.created_at,
            )
        )
        db.session.execute(sa.update(EligibilityFinding).values(finding=Finding.NEEDS_CORRECTION))
        for model, column in WRITTEN:
            db.session.execute(
                sa.update(model).where(CHANGED.get(model, sa.true())).values({column: MARK})
            )
    return app


@pytest.mark.parametrize("who", PAGES, ids=lambda who: getattr(who, "__name__", str(who)))
def test_each_sentence_that_somebody_wrote_is_marked_as_indonesian(app, browse, who):
    reader = browse(app, who) if who else browse(app)
    reader.post("/language", {"language": "en", "next": "/"})
    pages = {path: reader.get(f"{E}{path}") for path in PAGES[who]}
    assert {path: page.status_code for path, page in pages.items() if page.status_code != 200} == {}
    bad = {path: unmarked(page) for path, page in pages.items() if unmarked(page)}
    assert bad == {}
    assert any(MARK in page for page in pages.values())
