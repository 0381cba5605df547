"""Who gets which award: by the rules in their order, with whom it passes over and why."""

from decimal import Decimal
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.awards.cascade import Awarding, Contender, Decisions, Rule, cascade
from app.awards.models import Award
from app.database import db, transaction
from app.editions.kinds import AwardKind, PrizeLimit, SheetKind
from app.evaluation.models import Sheet
from app.evaluation.standings import update_standings
from app.evaluation.statistics import MILLION
from app.scoring.queries import ranking_of
from app.workflow import DomainError
from tests.cast import chair, judge
from tests.clients import Browser, send
from tests.conftest import E
from tests.factories import the_edition
from tests.plenaries import prepare

TOP, SPECIAL, FAIR = 1, 2, 3
WHAT_IF = f"{E}/plenary/what-if"


class Named:
    name, name_en = "Penghargaan", "Award"


def rule(category_id: int, kind=AwardKind.RANKING, places=3, **more: str) -> Rule:
    return Rule(category_id, kind, places, Named(), **more)


def contender(key: int, rank: int | None, agency: int = 0, *circles: str, **means: int):
    return Contender(
        key,
        agency or key,
        rank,
        frozenset(circles),
        {name: Fraction(value) for name, value in means.items()},
    )


FIVE = [contender(key, key) for key in range(1, 6)]


def given_in(found: Awarding, category_id: int) -> list[tuple[int, int | None]]:
    return [(own.proposal_id, own.place) for own in found.given if own.category_id == category_id]


def test_the_first_places_follow_the_ranking():
    found = cascade([rule(TOP)], FIVE, Decisions(), PrizeLimit.PROPOSAL)
    assert given_in(found, TOP) == [(1, 1), (2, 2), (3, 3)]
    assert (found.passed_over, found.ties) == ([], {})


def test_who_has_a_prize_is_passed_over_and_it_goes_on():
    rules = [rule(SPECIAL, AwardKind.PLENARY, 1), rule(TOP)]
    found = cascade(rules, FIVE, Decisions({SPECIAL: {2: "Terobosan."}}), PrizeLimit.PROPOSAL)
    assert given_in(found, TOP) == [(1, 1), (3, 2), (4, 3)]
    assert [(own.proposal_id, own.holds) for own in found.passed_over] == [(2, SPECIAL)]
    free = cascade(rules, FIVE, Decisions({SPECIAL: {2: "Terobosan."}}), PrizeLimit.NONE)
    assert given_in(free, TOP) == [(1, 1), (2, 2), (3, 3)]


def test_one_prize_an_agency_passes_over_its_second_proposal():
    own = [contender(1, 1, 7), contender(2, 2, 7), contender(3, 3, 8), contender(4, 4, 9)]
    found = cascade([rule(TOP)], own, Decisions(), PrizeLimit.AGENCY)
    assert given_in(found, TOP) == [(1, 1), (3, 2), (4, 3)]
    assert [(over.proposal_id, over.holds) for over in found.passed_over] == [(2, TOP)]
    rules = [rule(TOP, places=1), rule(SPECIAL, AwardKind.PLENARY)]
    with pytest.raises(DomainError, match="an agency can"):
        cascade(rules, own, Decisions({SPECIAL: {2: "Ya."}}), PrizeLimit.AGENCY)


def decided(places: dict[int, int]) -> Decisions:
    return Decisions(places={TOP: places})


def test_where_the_plenary_deviates_the_calculated_places_stay_beside():
    found = cascade([rule(TOP)], FIVE, decided({1: 1, 4: 2, 2: 3}), PrizeLimit.PROPOSAL)
    assert [(own.proposal_id, own.place, own.calculated) for own in found.given] == [
        (1, 1, 1),
        (4, 2, 4),
        (2, 3, 2),
    ]
    assert found.calculated[TOP] == {1: 1, 2: 2, 3: 3, 4: 4, 5: 5}


def test_a_deviation_may_share_a_place_and_needs_no_choice_in_a_tie():
    own = [contender(1, 1), contender(2, 2), contender(3, 2), contender(4, 2)]
    shared = cascade([rule(TOP)], own, decided({1: 1, 2: 1, 3: 3}), PrizeLimit.PROPOSAL)
    assert given_in(shared, TOP) == [(1, 1), (2, 1), (3, 3)]
    assert not shared.undecided


@pytest.mark.parametrize(
    "places",
    [{1: 1, 2: 3}, {1: 2}, {1: 1, 2: 1, 3: 2}, {1: 1, 2: 2, 3: 3, 4: 4}, {9: 1}],
    ids=["gap", "not first", "after a shared place", "too many", "without a rank"],
)
def test_a_deviation_that_is_no_order_of_places_is_refused(places):
    own = [*FIVE, contender(9, None)]
    with pytest.raises(DomainError):
        cascade([rule(TOP)], own, decided(places), PrizeLimit.PROPOSAL)


def test_a_deviation_gives_nobody_a_second_prize():
    rules = [rule(SPECIAL, AwardKind.PLENARY, 1), rule(TOP)]
    given_first = Decisions({SPECIAL: {2: "Terobosan."}}, {TOP: {2: 1}})
    with pytest.raises(DomainError, match="a proposal can"):
        cascade(rules, FIVE, given_first, PrizeLimit.PROPOSAL)
    same_agency = [contender(1, 1, 7), contender(2, 2, 7)]
    with pytest.raises(DomainError, match="an agency can"):
        cascade([rule(TOP)], same_agency, decided({2: 1, 1: 2}), PrizeLimit.AGENCY)


def test_a_mention_is_no_prize_and_bars_from_none():
    rules = [rule(SPECIAL, AwardKind.MENTION), rule(TOP)]
    found = cascade(rules, FIVE, Decisions({SPECIAL: {1: "Patut disebut."}}), PrizeLimit.PROPOSAL)
    assert given_in(found, TOP)[0] == (1, 1)
    assert given_in(found, SPECIAL) == [(1, None)]


def test_a_tie_for_the_last_place_is_open_until_the_plenary_decides_or_shares_it():
    own = [contender(1, 1), contender(2, 2), contender(3, 2), contender(4, 4)]
    rules = [rule(TOP, places=2)]
    found = cascade(rules, own, Decisions(), PrizeLimit.PROPOSAL)
    assert (found.ties, found.undecided) == ({TOP: [2, 3]}, {TOP})
    decided = cascade(rules, own, Decisions({TOP: {3: "Dampak."}}), PrizeLimit.PROPOSAL)
    assert given_in(decided, TOP) == [(1, 1), (3, 2)]
    assert (decided.ties, decided.undecided) == ({TOP: [2, 3]}, frozenset())
    shared = cascade(rules, own, Decisions({TOP: {2: "Sama.", 3: "Sama."}}), PrizeLimit.PROPOSAL)
    assert given_in(shared, TOP) == [(1, 1), (2, 2), (3, 2)]
    with pytest.raises(DomainError, match="tie"):
        cascade(rules, own, Decisions({TOP: {3: ""}}), PrizeLimit.PROPOSAL)


def test_a_tie_between_proposals_of_one_agency_is_decided_where_it_may_have_one():
    own = [contender(1, 1, 7), contender(2, 1, 7), contender(3, 3, 8)]
    rules = [rule(TOP, places=3)]
    assert cascade(rules, own, Decisions(), PrizeLimit.AGENCY).ties == {TOP: [1, 2]}
    decided = cascade(rules, own, Decisions({TOP: {2: "Lebih luas."}}), PrizeLimit.AGENCY)
    assert given_in(decided, TOP) == [(2, 1), (3, 2)]
    assert len(given_in(cascade(rules, own, Decisions(), PrizeLimit.NONE), TOP)) == 3


def test_an_award_by_a_criterion_follows_its_mean_and_not_the_ranking():
    own = [contender(1, 1, novelty=70), contender(2, 2, novelty=90), contender(3, 3, novelty=80)]
    rules = [rule(SPECIAL, AwardKind.CRITERION, 2, criterion="novelty")]
    assert given_in(cascade(rules, own, Decisions(), PrizeLimit.PROPOSAL), SPECIAL) == [
        (2, 1),
        (3, 2),
    ]


def test_an_award_for_some_leaves_out_the_others():
    own = [contender(1, 1), contender(2, 2, 0, "Kecamatan"), contender(3, None, 0, "Kecamatan")]
    rules = [rule(TOP, only_for="Kecamatan")]
    assert given_in(cascade(rules, own, Decisions(), PrizeLimit.PROPOSAL), TOP) == [(2, 1)]
    chosen = rule(SPECIAL, AwardKind.PLENARY, only_for="Kecamatan")
    with pytest.raises(DomainError, match="only for"):
        cascade([chosen], own, Decisions({SPECIAL: {1: "Ya."}}), PrizeLimit.PROPOSAL)


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        ({1: "a", 2: "b", 3: "c", 4: "d"}, "no more places"),
        ({1: ""}, "written reason"),
        ({99: "a"}, "was presented"),
    ],
)
def test_a_choice_that_breaks_a_rule_is_refused(chosen, refusal):
    rules = [rule(SPECIAL, AwardKind.BOTH)]
    with pytest.raises(DomainError, match=refusal):
        cascade(rules, FIVE, Decisions({SPECIAL: chosen}), PrizeLimit.PROPOSAL)


@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=12),
    st.lists(st.integers(1, 4), min_size=1, max_size=4),
    st.sampled_from(PrizeLimit),
)
def test_nobody_gets_more_prizes_than_the_limit_and_no_place_is_skipped(agencies, places, limit):
    own = [contender(key, key, agency) for key, agency in enumerate(agencies, 1)]
    rules = [rule(number, places=count) for number, count in enumerate(places, 1)]
    found = cascade(rules, own, Decisions(), limit)
    agency_of = {each.proposal_id: each.agency_id for each in own}
    holders = [
        agency_of[each.proposal_id] if limit is PrizeLimit.AGENCY else each.proposal_id
        for each in found.given
    ]
    if limit is not PrizeLimit.NONE:
        assert len(holders) == len(set(holders))
    for number in range(1, len(places) + 1):
        got = [place for _, place in given_in(found, number)]
        assert got == list(range(1, len(got) + 1))
        if len(got) < places[number - 1]:
            passed = {each.proposal_id for each in found.passed_over if each.category_id == number}
            assert passed | {key for key, _ in given_in(found, number)} == set(agency_of)


@pytest.fixture
def app(make_app):
    return make_app("plenary")


@pytest.fixture
def organiser(app, browse) -> Browser:
    return browse(app, "sekretariat")


def test_the_plenary_chooses_only_from_those_without_a_prize(organiser):
    page = organiser.get(f"{E}/plenary").html
    assert page.find("input", id="choose-2-8")
    assert not page.find("input", id="choose-2-7")
    assert len(page.select("#award-1 ol.awards li")) == 7


def test_what_if_shows_who_would_move_up_and_changes_nothing(app, organiser):
    page = organiser.get(f"{WHAT_IF}?out=1&out=8").html
    shown = [item.get_text(" ", strip=True) for item in page.select("#change-1 li")]
    assert len(shown) == 7
    assert sum("baru" in line for line in shown) == 1
    assert "Sipena" in shown[-1]
    assert not any("Kesraku" in line for line in shown)
    with app.app_context(), transaction(writing=False):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Award)) == 0
    assert "out=" not in organiser.get(WHAT_IF).text


def test_whom_a_conflict_bars_asks_no_what_if(app, browse):
    assert browse(app, chair).get(WHAT_IF).status_code == 200
    assert browse(app, judge).get(WHAT_IF).status_code == 403


def test_an_award_of_its_own_kind_is_given_by_the_ordinary_way(app, organiser):
    """One by a criterion, for one kind of unit, with one prize an agency."""
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        (top, special), criterion = edition.award_categories, edition.criteria[1]
        top.places = 3
        special.criterion, special.only_for = criterion.name, "Kecamatan"
        special.kind, special.places = AwardKind.CRITERION, 2
        edition.prize_limit = PrizeLimit.AGENCY
    assert prepare(organiser, {}).status_code == 302
    with app.app_context(), transaction(writing=False):
        awards = db.session.scalars(sa.select(Award)).all()
        kinds = {award.proposal.agency.kind for award in awards if award.category_id == 2}
        assert kinds == {"kecamatan"}
        agencies = [award.proposal.agency_id for award in awards]
        assert len(agencies) == len(set(agencies))


def test_awards_are_set_with_their_kinds_and_name_what_exists(make_app, browse):
    organiser = browse(make_app("draft"), "sekretariat")
    part = f"{E}/settings/award_categories"
    form = organiser.form(part)
    form["rows-1-kind"], form["rows-1-criterion"] = "criterion", "Tidak ada"
    assert "tidak dimiliki edisi" in send(form).text
    form = organiser.form(part)
    form["rows-1-kind"], form["rows-1-criterion"] = "criterion", "Kebaruan"
    form["rows-1-only_for"] = "Kecamatan"
    assert send(form).status_code == 302
    form = organiser.form(part)
    form["rows-0-kind"], form["rows-1-only_for"] = "plenary", "Planet"
    assert send(form).status_code == 422


def score_alike(edition, proposals: list[int], value: int) -> None:
    """Let every criterion on every sheet of these proposals (ids) have the same score."""
    sheets = db.session.scalars(sa.select(Sheet).where(Sheet.proposal_id.in_(proposals))).all()
    for sheet in sheets:
        sheet.points = value * MILLION
        for score in sheet.scores:
            score.value = Decimal(value)
    for kind in SheetKind:
        update_standings(edition.id, proposals, kind)


def test_a_tie_that_a_choice_brings_up_can_be_decided_on_the_page(app, organiser):
    """Whoever is not chosen for the first award gets a place of the second, whose last is tied."""
    with app.app_context(), transaction(writing=True):
        edition = the_edition()
        top, special = edition.award_categories
        top.places, special.kind, special.places = 1, AwardKind.RANKING, 2
        first, second, third, fourth = [line.proposal_id for line in ranking_of(edition).lines[:4]]
        score_alike(edition, [first, second], 98)
        score_alike(edition, [third, fourth], 96)
    page = organiser.get(f"{E}/plenary").html
    assert page.find(id=f"tie-1-{first}")
    assert not page.find(id=f"tie-2-{third}")
    sent = {"chosen_1": str(first), "tie_reason_1": "Dampak."}
    refused = prepare(organiser, sent)
    assert refused.status_code == 422
    assert refused.html.find(id=f"tie-1-{first}").has_attr("checked")
    assert refused.html.find(id=f"tie-2-{third}")
    sent |= {"chosen_2": str(third), "tie_reason_2": "Kebaruan."}
    assert prepare(organiser, sent).status_code == 302
    with app.app_context(), transaction(writing=False):
        given = {
            (award.category_id, award.proposal_id, award.rank, award.reason)
            for award in db.session.scalars(sa.select(Award))
        }
    assert given == {(1, first, 1, "Dampak."), (2, second, 1, ""), (2, third, 2, "Kebaruan.")}


def test_an_award_before_the_ranking_may_go_to_who_would_lead_it(app, organiser):
    with app.app_context(), transaction(writing=True):
        top, special = the_edition().award_categories
        top.position, special.position = 2, 1
    page = organiser.get(f"{E}/plenary").html
    assert page.find("input", id="choose-2-1")
