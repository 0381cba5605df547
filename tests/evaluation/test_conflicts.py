"""Rule 3 of the domain: nobody judges their own unit, one above it or one below it."""

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.database import db, transaction
from app.editions.kinds import SheetKind
from app.editions.models import Membership
from app.evaluation.conflicts import Entry, Evaluator, above, barring, tie
from app.evaluation.models import ConflictKind, ConflictOfInterest
from tests import cast
from tests.conftest import E
from tests.factories import the_person

SETDA, DINKES, PUSKESMAS, POSYANDU, DISDIK = range(1, 6)
TREE = {SETDA: None, DINKES: None, PUSKESMAS: DINKES, POSYANDU: PUSKESMAS, DISDIK: None}


@pytest.mark.parametrize(
    ("own", "other", "kind"),
    [
        (DINKES, DINKES, ConflictKind.OWN_UNIT),
        (PUSKESMAS, DINKES, ConflictKind.PARENT_UNIT),
        (POSYANDU, DINKES, ConflictKind.PARENT_UNIT),
        (DINKES, PUSKESMAS, ConflictKind.SUBORDINATE_UNIT),
        (DINKES, POSYANDU, ConflictKind.SUBORDINATE_UNIT),
        (DINKES, DISDIK, None),
        (SETDA, DINKES, None),
    ],
)
def test_a_conflict_follows_from_the_tree(own, other, kind):
    assert tie(own, other, TREE) is kind


def test_siblings_under_one_parent_are_no_conflict():
    assert tie(10, 11, {10: DINKES, 11: DINKES, DINKES: None}) is None


def test_a_tree_with_a_ring_ends_all_the_same():
    assert above(1, {1: 2, 2: 1}) == [2, 1]


JUDGE = Evaluator(person_id=7, agencies=frozenset({DINKES}))
OWN = Entry(proposal_id=3, agency_id=DINKES, authors=frozenset())
OTHER = Entry(proposal_id=4, agency_id=DISDIK, authors=frozenset({8}))


def recorded(kind: ConflictKind, entry: Entry, *, is_dismissed: bool) -> ConflictOfInterest:
    return ConflictOfInterest(
        proposal_id=entry.proposal_id, person_id=7, kind=kind, is_dismissed=is_dismissed
    )


def test_a_dismissed_conflict_does_not_stand():
    dismissal = recorded(ConflictKind.OWN_UNIT, OWN, is_dismissed=True)
    assert barring(JUDGE, OWN, TREE, []) == {ConflictKind.OWN_UNIT}
    assert barring(JUDGE, OWN, TREE, [dismissal]) == set()


def test_a_declared_conflict_stands():
    declaration = recorded(ConflictKind.FAMILY, OTHER, is_dismissed=False)
    assert barring(JUDGE, OTHER, TREE, []) == set()
    assert barring(JUDGE, OTHER, TREE, [declaration]) == {ConflictKind.FAMILY}


def test_a_dismissal_of_one_kind_leaves_the_other():
    author = Entry(proposal_id=3, agency_id=DINKES, authors=frozenset({7}))
    dismissal = recorded(ConflictKind.OWN_UNIT, author, is_dismissed=True)
    assert barring(JUDGE, author, TREE, [dismissal]) == {ConflictKind.AUTHOR}


def test_nobody_scores_before_the_integrity_pledge_is_signed(make_app, browse):
    app = make_app("scoring")
    with app.app_context(), transaction(writing=True):
        db.session.execute(sa.update(Membership).values(pledged_at=None))
        actor = f"person {the_person(cast.judge).id}"
    judge, organiser = browse(app, cast.judge), browse(app, "sekretariat")
    number = cast.ask(app, cast.unscored(SheetKind.PRESENTATION))[0]
    sheet = f"{E}/proposals/{number}/sheets/presentation"
    assert judge.get(sheet).location == f"{E}/pledge"
    assert judge.post(sheet, {"version": "1"}).status_code == 409
    assert judge.post(f"{sheet}/lock", {"version": "1"}).status_code == 409
    assert "belum ditandatangani" in organiser.get(f"{E}/conflicts").text
    assert judge.post(f"{E}/pledge").status_code == 302
    assert judge.get(sheet).status_code == 200
    assert judge.post(f"{E}/pledge").status_code == 302
    with app.app_context(), transaction(writing=False):
        signed = sa.select(sa.func.count()).where(AuditEntry.action == "pledge.sign")
        assert db.session.scalar(signed.where(AuditEntry.actor == actor)) == 2
