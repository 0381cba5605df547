"""How a sitting would be for a talk: how many judges are left, and why it is not offered."""

from dataclasses import replace

import pytest
from timetables import panels, sitting, span

from app.schedule.draft.timetable import PanelSeats, Talk, Timetable
from app.schedule.picking.prospects import Prospect, prospect_in

TOO_FEW = "too few judges for this proposal"
AWAY = "a presenter is unavailable"
ELSEWHERE = "a presenter is presenting elsewhere at that time"
COSTLY = "too few judges would be left for another presentation"


def table(**changes) -> Timetable:
    """Talks 1 and 2 share a presenter (101); talk 3 has its own."""
    whole = Timetable(
        sittings=(
            sitting(1),
            sitting(2, hour=9),
            sitting(3, room=2, panel=2),
            sitting(4, room=2, panel=2, hour=9),
        ),
        talks=(
            Talk(1, 1, frozenset({101, 102})),
            Talk(2, 1, frozenset({101})),
            Talk(3, 2, frozenset({103})),
        ),
        panels=panels((11, 12, 13), (21, 22)),
    )
    return replace(whole, **changes)


def test_a_sitting_that_suits_everybody_can_be_picked():
    assert prospect_in(table(), 1, 1) == Prospect(judges=3, quorum=2, obstacle=None)
    assert prospect_in(table(), 1, 3) == Prospect(judges=2, quorum=2, obstacle=None)
    assert prospect_in(table(), 1, 1).is_possible


def test_rule_3_who_is_recused_counts_not_among_the_judges():
    barred = table(barred=frozenset({(11, 1)}))
    assert prospect_in(barred, 1, 1) == Prospect(2, 2, None)
    assert prospect_in(barred, 3, 1) == Prospect(3, 2, None)


def test_rule_7_where_too_few_judges_are_left_nothing_can_be_picked():
    barred = table(barred=frozenset({(11, 1), (12, 1)}))
    assert prospect_in(barred, 1, 1) == Prospect(1, 2, TOO_FEW)
    assert not prospect_in(barred, 1, 1).is_possible
    assert prospect_in(barred, 1, 3) == Prospect(2, 2, None)


def test_an_alternate_who_is_called_counts_among_the_judges():
    panel = PanelSeats(1, (11, 12), (14, 15), quorum=2)
    short = table(panels={1: panel}, barred=frozenset({(11, 1)}))
    assert prospect_in(short, 1, 1) == Prospect(2, 2, None)


def test_a_panel_without_anybody_yet_hinders_nobody():
    assert prospect_in(table(panels={1: PanelSeats(1, (), quorum=2)}), 1, 1) == Prospect(0, 2, None)


@pytest.mark.parametrize("person", [101, 102])
def test_rule_7_no_sitting_is_offered_in_which_one_of_the_presenters_is_away(person):
    away = table(away={person: (span(0, 8, 9),)})
    assert prospect_in(away, 1, 1) == Prospect(3, 2, AWAY)
    assert prospect_in(away, 1, 2) == Prospect(3, 2, None)
    assert prospect_in(away, 3, 1) == Prospect(3, 2, None)


def test_who_has_declined_where_the_talk_stands_is_away_there_alone():
    declined = table(placed={1: 1}, declined=frozenset({(102, 1, 1)}))
    assert prospect_in(declined, 1, 1).obstacle == AWAY
    assert prospect_in(declined, 1, 2).is_possible


def test_rule_7_no_sitting_is_offered_in_which_a_presenter_presents_something_else():
    placed = table(placed={2: 3})
    assert prospect_in(placed, 1, 1) == Prospect(3, 2, ELSEWHERE)
    assert prospect_in(placed, 1, 3).obstacle == ELSEWHERE  # which is taken, too
    assert prospect_in(placed, 1, 2) == Prospect(3, 2, None)
    assert prospect_in(placed, 3, 1) == Prospect(3, 2, None)


def test_where_the_talk_itself_stands_binds_nobody():
    placed = table(placed={1: 3})
    assert prospect_in(placed, 1, 1).is_possible
    assert prospect_in(placed, 2, 1).obstacle == ELSEWHERE


def test_what_stands_in_a_slot_that_exists_no_more_binds_nobody():
    assert prospect_in(table(placed={2: 99}), 1, 1).is_possible


def test_the_judges_are_named_before_the_presenters():
    everything = table(
        placed={2: 3}, barred=frozenset({(11, 1), (12, 1)}), away={101: (span(0, 8, 9),)}
    )
    assert prospect_in(everything, 1, 1).obstacle == TOO_FEW
    assert prospect_in(replace(everything, barred=frozenset()), 1, 1).obstacle == AWAY
    calm = replace(everything, barred=frozenset(), away={})
    assert prospect_in(calm, 1, 1).obstacle == ELSEWHERE


def test_nobody_takes_the_alternate_of_a_presentation_that_needs_them():
    """14 is called to talk 1 at eight; from there they can't come to the other room."""
    shared = {1: PanelSeats(1, (11,), (14,), quorum=2), 2: PanelSeats(2, (21,), (14,), quorum=2)}
    apart = Talk(2, 2, frozenset({102}))
    whole = table(panels=shared, talks=(Talk(1, 1, frozenset({101})), apart), placed={1: 3})
    assert prospect_in(whole, 2, 1).obstacle == COSTLY  # sitting 1 would call 14 first
    assert prospect_in(whole, 2, 2).obstacle is None


def test_nobody_presents_while_they_are_needed_to_judge():
    judge = table(talks=(Talk(1, 1, frozenset({101})), Talk(2, 2, frozenset({21}))), placed={1: 3})
    assert prospect_in(judge, 2, 1).obstacle == COSTLY
    assert prospect_in(judge, 2, 2).obstacle is None
