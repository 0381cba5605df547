"""Whom a conflict bars from a proposal finds its scores on no page, in no file, by no search.

Every address of the application is asked for, with every proposal where one is named. The scores of
the proposal in question are made so strange that no other place can hold them by chance.
"""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from app.dashboard.exports import TABLES
from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.editions.queries import locked_edition
from app.evaluation.models import Score, Sheet
from app.evaluation.standings import update_standings
from app.proposals.models import Proposal
from app.screening.models import Remark
from tests.conftest import SLUG, E
from tests.factories import bar

SECRET, POINTS, SHOWN = "RAHASIA-7391", 12_345_678, ("12,35", "12.345678", "12345678")
NUMBER = 5  # of Sukamaju Selatan, whose head is juri-5
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
    "kind": ["desk", "presentation"],
    "sheet": ["desk", "presentation"],
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
}
QUERIES = {
    "tabulation.index": ["show=all", "order=spread", "order=number", "top=27", "search=a"],
    "proposals.index": ["search=a", "page=2"],
    "screening.index": ["show=waiting", "show=undecided", "order=title", "page=2"],
    "scoring.ranking": ["page=2"],
    "dashboard.trail": [f"page={n}" for n in range(2, 30)],
}


def mark(app: Flask) -> None:
    """Give the proposal's sheets a comment and a total that stand nowhere else."""
    with app.app_context(), transaction(writing=True):
        edition = locked_edition(SLUG)
        proposal = db.session.scalars(sa.select(Proposal).where(Proposal.number == NUMBER)).one()
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


def leaks(app: Flask, browser) -> set[str]:
    """Return the addresses whose answer holds a score of the proposal."""
    found = set()
    for path in addresses(app):
        answer = browser.get(path)
        assert answer.status_code < 500, path
        text = answer.text if answer.content_type != "application/pdf" else ""
        if any(each in text for each in (SECRET, *SHOWN)):
            found.add(re.sub(r"\?.*", "", path).removeprefix(E))
    return found


@pytest.mark.parametrize(
    ("moment", "account"),
    [
        ("screening", "sekretariat"),
        ("screening", "verifikator-3"),
        ("scoring", "juri-5"),
        ("plenary", "juri-5"),
        ("plenary", "sekretariat"),
        ("plenary", "verifikator-3"),
        ("plenary", "inovator-02"),
    ],
)
def test_rule_5_no_page_tells_the_conflicted_a_score(make_app, browse, moment, account):
    app = make_app(moment)
    mark(app)
    bar(app, account, NUMBER)
    assert leaks(app, browse(app, account)) == set()


@pytest.mark.parametrize(
    ("moment", "account", "shown"),
    [
        (
            "screening",
            "sekretariat",
            {
                "/tabulation",
                "/exports/scores.csv",
                f"/proposals/{NUMBER}/decision",
                f"/proposals/{NUMBER}/discussion",
            },
        ),
        ("plenary", "sekretariat", {"/ranking", "/tabulation", f"/proposals/{NUMBER}/decision"}),
    ],
)
def test_whom_no_conflict_bars_finds_the_scores(make_app, browse, moment, account, shown):
    app = make_app(moment)
    mark(app)
    found = leaks(app, browse(app, account))
    assert shown <= found


def test_no_page_tells_an_observer_a_score_in_progress(make_app, browse):
    app = make_app("scoring")
    mark(app)
    assert "/ranking" not in leaks(app, browse(app, "pengamat"))
