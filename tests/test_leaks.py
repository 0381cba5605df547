"""Whom a conflict bars from a proposal finds its scores on no page, in no file, by no search.

Every address of the application is asked for, with every proposal where one is named. The scores of
the proposal in question are made so strange that no other place can hold them by chance.
"""

import io
import re
import zipfile

import pytest
import sqlalchemy as sa
from flask import Flask

from app.dashboard.exports import TABLES
from app.database import db, transaction
from app.editions.kinds import Method, Role, SheetKind
from app.editions.models import Membership
from app.editions.queries import locked_edition
from app.evaluation.models import Score, Sheet
from app.evaluation.standings import update_standings
from app.papers.kinds import Copy, PaperKind
from app.screening.models import Remark
from tests.cast import ask, chair, delegate, evaluators_of, judge, own_entries, recused_judge
from tests.conftest import SLUG, E
from tests.documents import text_of
from tests.factories import bar, the_edition, the_person, the_proposal

SECRET, POINTS, SHOWN = "RAHASIA-7391", 12_345_678, ("12,35", "12,3457", "12.345678", "12345678")
pytestmark = pytest.mark.one_database

VALUES = {
    "edition": ["luwu-utara-2019"],
    "organisation": [1],
    "agency": [1],
    "proposal": range(1, 28),
    "number": range(1, 28),
    "requirement": [1],
    "attachment": [1],
    "place": [1, 2],
    "person": [1],
    "membership": [1],
    "replication": [1],
    "kind": ["desk", "presentation"],
    "scope": ["public", "full"],
    "paper": [1],
    "paper_kind": list(PaperKind),
    "copy": list(Copy),
    "signatory": [1],
    "sheet": ["desk", "presentation", "second-look"],
    "extra": [1],
    "part": ["criteria"],
    "stage": ["scoring"],
    "letter": range(1, 200),
    "table": list(TABLES),
    "suffix": ["csv", "json"],
    "token": ["unknown"],
    "slot": [1],
    "panel": [1],
    "version": [1],
    "ticket": ["1-1-unknown"],
    "role": ["judge"],
    "folder": ["id"],
    "name": ["none.jpg"],
}
QUERIES = {
    "tabulation.index": ["show=all", "order=spread", "order=number", "top=27", "search=a", "all=1"],
    "proposals.index": ["search=a", "page=2"],
    "screening.index": ["show=waiting", "show=undecided", "order=title", "page=2"],
    "scoring.ranking": ["page=2", "all=1"],
    "scoring.progress": ["kind=desk", "kind=presentation", "open=1"],
    "dashboard.trail": [
        "all=1",
        *(f"page={n}" for n in range(2, 30)),
        *(f"proposal={n}" for n in range(1, 28)),
    ],
}


def marked(connection: sa.Connection) -> int:
    """The proposal in question: an entry of a judge's own agency."""
    return own_entries(recused_judge)(connection)[0]


def its_screener(connection: sa.Connection) -> str:
    """Who has a desk sheet of it."""
    return evaluators_of(marked(connection), SheetKind.DESK)(connection)[0]


def mark(app: Flask) -> int:
    """Give its sheets a comment and a total that stand nowhere else; return its number."""
    number = ask(app, marked)
    with app.app_context(), transaction(writing=True):
        edition, proposal = locked_edition(SLUG), the_proposal(number)
        sheets = db.session.scalars(sa.select(Sheet).where(Sheet.proposal_id == proposal.id)).all()
        for sheet in sheets:
            sheet.comment = SECRET
            sheet.points = POINTS if sheet.locked_at else None
        db.session.execute(
            sa.update(Score)
            .where(Score.sheet_id.in_([each.id for each in sheets]))
            .values(note=SECRET)
        )
        db.session.add(
            Remark(
                proposal_id=proposal.id,
                person_id=sheets[0].evaluator_id,
                text=SECRET,
                written_at=edition.created_at,
            )
        )
        for kind in SheetKind:
            update_standings(edition.id, [proposal.id], kind)
    return number


def addresses(app: Flask) -> list[str]:
    """Return every address that can be read."""
    found = []
    with app.test_request_context(base_url="http://127.0.0.1:8000"):
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint == "static":
                continue
            combinations = [{}]
            for name in rule.arguments:
                combinations = [
                    each | {name: value} for each in combinations for value in VALUES[name]
                ]
            paths = [app.url_for(rule.endpoint, **each) for each in combinations]
            queries = QUERIES.get(rule.endpoint, [])
            found += paths + [f"{path}?{query}" for path in paths for query in queries]
    return found


def readable(answer) -> str:
    """Return what can be read of an answer: of a document its text, of an archive its files."""
    if answer.content_type == "application/pdf":
        return text_of(answer.body)
    if answer.content_type == "application/zip":
        archive = zipfile.ZipFile(io.BytesIO(answer.body))
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return answer.text


def leaks(app: Flask, browser) -> set[str]:
    """Return the addresses whose answer holds a score of the proposal."""
    found = set()
    for path in addresses(app):
        answer = browser.get(path)
        assert answer.status_code < 500, path
        if any(each in readable(answer) for each in (SECRET, *SHOWN)):
            found.add(re.sub(r"\?.*", "", path).removeprefix(E))
    return found


@pytest.mark.parametrize(
    ("moment", "who"),
    [
        ("screening", "sekretariat"),
        ("screening", its_screener),
        ("scoring", recused_judge),
        ("plenary", recused_judge),
        ("plenary", "sekretariat"),
        ("plenary", its_screener),
        ("plenary", delegate),
    ],
)
def test_rule_5_no_page_tells_the_conflicted_a_score(make_app, browse, moment, who):
    app = make_app(moment)
    bar(app, who, mark(app))
    assert leaks(app, browse(app, who)) == set()


@pytest.mark.parametrize(
    ("moment", "pages", "own_pages"),
    [
        ("screening", {"/tabulation", "/exports/scores.csv"}, ("decision", "discussion")),
        (
            "plenary",
            {"/ranking", "/tabulation", "/exports/presentation_scores.csv"},
            ("decision",),
        ),
    ],
)
def test_whom_no_conflict_bars_finds_the_scores(make_app, browse, moment, pages, own_pages):
    app = make_app(moment)
    number = mark(app)
    shown = pages | {f"/proposals/{number}/{page}" for page in own_pages}
    assert shown <= leaks(app, browse(app, "sekretariat"))


def test_no_page_tells_an_observer_a_score_in_progress(make_app, browse):
    app = make_app("scoring")
    mark(app)
    assert "/ranking" not in leaks(app, browse(app, "pengamat"))


def mark_others(app: Flask, who) -> None:
    """Declare a second look, and mark what all others but one judge wrote on a presentation."""
    with app.app_context(), transaction(writing=True):
        edition, proposal = locked_edition(SLUG), the_proposal(8)
        edition.method, edition.method_rule, edition.second_look_budget = Method.ADJUSTED, "§", 12
        own = the_person(who).id
        sheets = db.session.scalars(
            sa.select(Sheet).where(
                Sheet.proposal_id == proposal.id,
                Sheet.kind == SheetKind.PRESENTATION,
                Sheet.evaluator_id != own,
            )
        ).all()
        for sheet in sheets:
            sheet.comment = SECRET
        db.session.execute(
            sa.update(Score)
            .where(Score.sheet_id.in_([each.id for each in sheets]))
            .values(note=SECRET)
        )


@pytest.mark.parametrize("who", [judge, chair])
def test_until_a_second_look_ends_no_page_tells_a_judge_what_others_wrote(make_app, browse, who):
    app = make_app("plenary")
    mark_others(app, who)
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        edition.evaluation_revision += 1
        db.session.add(
            Membership(edition_id=edition.id, person_id=the_person(who).id, role=Role.ORGANISER)
        )
    assert leaks(app, browse(app, who)) == set()
    assert "/exports/presentation_scores.csv" in leaks(app, browse(app, "sekretariat"))
