"""A published result recounted by a program that shares no code with Ajang, on random editions."""

import json
import random
from datetime import timedelta
from decimal import Decimal
from itertools import combinations

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app import clock
from app.awards.actions import Confirmation, Links, confirm_result, prepare_result
from app.awards.bodies import barred_members, members_of
from app.awards.cascade import Decisions
from app.awards.deciding import awarding_of
from app.awards.models import Body, Disclosure, Readership
from app.awards.proceedings import Proceedings, Vote, moved_in
from app.awards.queries import file_of
from app.awards.result_files import write_files
from app.awards.shown import digest_of
from app.database import db, transaction
from app.editions.kinds import AwardKind, Method, PrizeLimit, SheetKind
from app.editions.parts import AwardCategory
from app.evaluation.models import Participation, Score, Sheet
from app.evaluation.sheets import points_of
from app.evaluation.standings import update_standings
from app.proposals.models import Proposal
from app.scoring.queries import ranking_of
from app.workflow import DomainError, Status
from tests import cast
from tests.awards.recounts import recount
from tests.factories import the_edition, the_person

FEW = [Decimal(value) for value in ("0", "50", "80", "80.5", "100")]  # so that results are tied
MANY = [Decimal(value) / 100 for value in range(0, 10001, 37)]


@pytest.fixture
def app(make_app):
    return make_app("plenary")


def files_of(app) -> dict[Readership, str]:
    with app.app_context(), transaction(writing=False):
        return {scope: file_of(the_edition(), scope).content for scope in Readership}


@pytest.mark.parametrize("scope", Readership)
def test_the_published_demo_recounts_from_both_files(make_app, tmp_path, scope):
    content = files_of(make_app("published"))[scope]
    differs, said = recount(content, tmp_path)
    assert (differs, said.splitlines()[-1]) == (0, "Everything agrees.")
    assert len(said.splitlines()) == 28
    holds = json.loads(content)
    by_award = [line["award"] for line in holds["published"]["awards"]]
    assert (by_award.count("A1"), by_award.count("A2")) == (7, 3)


def test_the_whole_file_says_who_of_which_sheet_is_recused(make_app):
    recused = json.loads(files_of(make_app("published"))[Readership.FULL])["not_counting"]
    holds = {(own["proposal"], own["because"]) for own in recused}
    assert holds == set()  # of own agencies no sheets are handed out at all


@pytest.mark.parametrize(
    "change",
    [
        lambda holds: holds["proposals"][0]["sheets"]["desk"][0]["values"].__setitem__(0, "1"),
        lambda holds: holds["published"]["ranking"][3].__setitem__("final", "90"),
        lambda holds: holds["published"]["ranking"][3].__setitem__("place", 3),
        lambda holds: holds["published"]["awards"].pop(),
        lambda holds: holds["published"]["awards"][0].__setitem__("proposal", 20),
        lambda holds: holds["rules"]["criteria"]["desk"][0].__setitem__("weight", "11"),
        lambda holds: holds["rules"].__setitem__("desk_share", 41),
        lambda holds: holds["proposals"].pop(0),
    ],
)
@pytest.mark.parametrize("scope", Readership)
def test_what_was_changed_in_a_file_is_told(make_app, tmp_path, scope, change):
    holds = json.loads(files_of(make_app("published"))[scope])
    change(holds)
    differs, said = recount(json.dumps(holds), tmp_path)
    assert differs == 1
    assert "but published" in said or "Error" in said


def scramble(edition, rng: random.Random) -> None:
    """Give the edition other rules and other scores, some of its sheets and entries gone."""
    edition.method, edition.method_rule = rng.choice(list(Method)), "Pasal 7."
    edition.desk_share, edition.quorum = rng.choice([0, 40, 50, 100]), rng.choice([1, 1, 3, 5])
    edition.prize_limit = rng.choice(list(PrizeLimit))
    scramble_criteria(edition, rng)
    scramble_awards(edition, rng)
    proposals = db.session.scalars(
        sa.select(Proposal).where(Proposal.edition_id == edition.id).order_by(Proposal.number)
    ).all()
    for proposal in rng.sample(proposals, rng.choice([0, 2, 15])):
        proposal.status = rng.choice([Status.DISQUALIFIED, Status.WITHDRAWN])
    values = rng.choice([[], FEW, MANY])
    for proposal in proposals:
        for kind in SheetKind:
            scramble_sheets(edition, proposal, kind, values, rng)
    db.session.flush()
    for kind in SheetKind:
        update_standings(edition.id, [own.id for own in proposals], kind)
    db.session.expire_all()


def scramble_criteria(edition, rng: random.Random) -> None:
    for own in edition.criteria:
        own.tie_break = None
    db.session.flush()
    for kind in SheetKind:
        criteria = edition.criteria_of(kind)
        cuts = sorted(rng.sample(range(1, 10000), len(criteria) - 1))
        for own, low, high in zip(criteria, [0, *cuts], [*cuts, 10000], strict=True):
            own.weight = Decimal(high - low) / 100
        both = criteria[0].weight + criteria[1].weight
        criteria[0].weight = criteria[1].weight = (both / 2).quantize(Decimal("0.01"))
        criteria[2].weight += both - 2 * criteria[0].weight  # which may be a hundredth
        for place, own in enumerate(rng.sample(criteria, rng.choice([0, 1, 2])), 1):
            own.tie_break = place
    db.session.flush()


def scramble_awards(edition, rng: random.Random) -> None:
    names = [own.name for own in edition.criteria]
    for position in range(rng.choice([0, 1, 2])):
        kind = rng.choice(list(AwardKind))
        edition.award_categories.append(
            AwardCategory(
                position=10 + position,
                name=f"Penghargaan {position}",
                kind=kind,
                places=rng.choice([1, 2, 4]),
                criterion=rng.choice(names) if kind is AwardKind.CRITERION else "",
                only_for=rng.choice(["", *(own.name for own in edition.categories)]),
            )
        )
    positions = rng.sample(range(20), len(edition.award_categories))
    for own, position in zip(edition.award_categories, positions, strict=True):
        own.position = position
    db.session.flush()
    db.session.expire(edition, ["award_categories"])


def scramble_sheets(edition, proposal, kind, values, rng: random.Random) -> None:
    criteria = edition.criteria_of(kind)
    sheets = db.session.scalars(
        sa.select(Sheet).where(Sheet.proposal_id == proposal.id, Sheet.kind == kind)
    ).all()
    if kind is SheetKind.PRESENTATION and rng.random() < 0.2:
        first = rng.choice(sheets)
        second = Sheet(
            proposal_id=proposal.id,
            evaluator_id=first.evaluator_id,
            kind=kind,
            look=2,
            locked_at=first.locked_at,
            points=0,
            scores=[Score(criterion_id=own.id) for own in criteria],
        )
        db.session.add(second)
        sheets = [*sheets, second]
    level, turn = rng.choice([50, 80]), rng.choice([0, 0, 5])
    for place, sheet in enumerate(sheets):
        scores = {own.id: rng.choice(values or [Decimal(level)]) for own in criteria}
        if not values:  # many share their result, and some of them what breaks ties
            scores[criteria[0].id] += turn
            scores[criteria[1].id] -= turn
        for score in sheet.scores:
            score.value = scores[score.criterion_id]
        sheet.points = points_of(scores, criteria)
        if place and not sheet.is_second_look and rng.random() < 0.2:
            sheet.participation = rng.choice([Participation.RECUSED, Participation.EXCUSED])


def decide(edition, rng: random.Random) -> Proceedings:
    """Let a plenary decide what the rules leave to it, and sometimes otherwise than they say."""
    lines = ranking_of(edition).lines
    decisions = Decisions({}, {})
    for category in edition.award_categories:
        if not category.is_ranked:
            for count in (category.places, 1):
                picked = rng.sample(lines, min(count, len(lines)))
                own = {line.proposal_id: "Alasan." for line in picked}
                wider = Decisions(decisions.chosen | {category.id: own}, decisions.places)
                if is_allowed(edition, lines, wider):
                    decisions = wider
                    break
        elif rng.random() < 0.3:
            able = [line.proposal_id for line in lines if line.rank]
            picked = rng.sample(able, min(category.places, len(able)))
            own = {key: place for place, key in enumerate(picked, 1)}
            wider = Decisions(decisions.chosen, decisions.places | {category.id: own})
            if own and is_allowed(edition, lines, wider):
                decisions = wider
    decisions = break_ties(edition, lines, decisions)
    return on_record(edition, lines, decisions)


def is_allowed(edition, lines, decisions: Decisions) -> bool:
    try:
        awarding_of(edition, lines, decisions)
    except DomainError:
        return False
    return True


def break_ties(edition, lines, decisions: Decisions) -> Decisions:
    """Decide each tie in a way that is allowed; without what the plenary chose, if none is."""
    while undecided := awarding_of(edition, lines, decisions).undecided:
        category = next(own.id for own in edition.award_categories if own.id in undecided)
        tied = awarding_of(edition, lines, decisions).ties[category]
        ways = (
            Decisions(
                decisions.chosen | {category: dict.fromkeys(picked, "Alasan.")}, decisions.places
            )
            for count in range(1, len(tied) + 1)
            for picked in combinations(tied, count)
        )
        allowed = next((wider for wider in ways if is_allowed(edition, lines, wider)), None)
        assert allowed or decisions != Decisions()
        decisions = allowed or Decisions()
    return decisions


def on_record(edition, lines, decisions: Decisions) -> Proceedings:
    awarding, barred = awarding_of(edition, lines, decisions), barred_members(edition)
    members, votes, places = members_of(edition), {}, dict(decisions.places)
    for category in edition.award_categories:
        if category.id in places:
            moved = moved_in(category, awarding, decisions)
            free = [
                own.person_id
                for own in members
                if not any(own.person_id in barred.get(key, ()) for key in moved)
            ]
            votes[category.id] = Vote("Alasan.", frozenset(free[:3]), frozenset(free[3:4]))
            if not moved or not free:
                return on_record(edition, lines, break_ties(edition, lines, Decisions()))
    return Proceedings(
        decisions,
        left_empty=frozenset(own.id for own in edition.award_categories),
        present=frozenset((own.body, own.person_id) for own in members),
        agreements={(own.id, body): "" for own in edition.award_categories for body in Body},
        votes=votes,
    )


def recounted(app, seed: int, folder) -> list[tuple[str, str]]:
    """Make a random edition, publish its result, and recount it from each of its files."""
    rng = random.Random(seed)
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        scramble(edition, rng)
        if not ranking_of(edition).is_complete:
            db.session.rollback()
            return []
        organiser, now = the_person("sekretariat"), clock.now()
        result = prepare_result(
            edition, decide(edition, rng), seen=digest_of(edition), by=organiser, now=now
        )
        asked = Confirmation(digest_of(edition), Disclosure.MEANS, now + timedelta(days=1))
        written = [
            *write_files(edition, Disclosure.SHEETS, head="0" * 64),
            *write_files(edition, Disclosure.MEANS, head="0" * 64),
        ]
        confirm_result(
            result,
            edition,
            asked,
            links=Links(lambda _proposal: "https://ajang.example", lambda _edition: ""),
            by=the_person(cast.chair),
            now=now,
        )
        contents = [own.content for own in written]
        db.session.rollback()
    said = [recount(content, folder) for content in dict.fromkeys(contents)]
    return [
        (content, told)
        for content, (differs, told) in zip(dict.fromkeys(contents), said, strict=True)
        if differs
    ]


SEEDS = st.integers(min_value=0, max_value=10**9)


IN_ONE_APP = [HealthCheck.function_scoped_fixture]  # each example is rolled back


@pytest.mark.one_database
@settings(max_examples=12, deadline=None, suppress_health_check=IN_ONE_APP)
@example(seed=63078)  # a tie that can only be broken without what the plenary chose
@given(seed=SEEDS)
def test_every_random_result_recounts_exactly(app, tmp_path, seed):
    assert recounted(app, seed, tmp_path) == []


@pytest.mark.long
@settings(max_examples=400, deadline=None, suppress_health_check=IN_ONE_APP)
@given(seed=SEEDS)
def test_many_random_results_recount_exactly(app, tmp_path, seed):
    assert recounted(app, seed, tmp_path) == []
