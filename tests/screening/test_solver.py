"""The solver: everyone gets their evaluators, nobody a conflict, evenly, by what they know."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from app.screening.solver import AssignmentProblem, solve_assignment


def problem(need=None, load=None, barred=(), expert=()) -> AssignmentProblem:
    return AssignmentProblem(
        need or dict.fromkeys(range(6), 2), load or dict.fromkeys("abc", 0), barred, expert
    )


def loads(plan, load) -> dict:
    return Counter(who for who, _ in plan.pairs) + Counter(load)


def test_everyone_gets_their_evaluators_evenly():
    plan = solve_assignment(problem())
    assert Counter(what for _, what in plan.pairs) == dict.fromkeys(range(6), 2)
    assert set(loads(plan, {}).values()) == {4}
    assert (plan.missing, plan.strange) == ({}, 0)


def test_nobody_gets_what_they_are_barred_from_and_what_lacks_is_said():
    plan = solve_assignment(problem(barred={("a", 0), ("b", 0), ("c", 1)}))
    assert ("a", 0) not in plan.pairs
    assert ("b", 0) not in plan.pairs
    assert plan.missing == {0: 1}


def test_who_has_more_gets_fewer():
    load = {"a": 4, "b": 0, "c": 0}
    plan = solve_assignment(problem(need=dict.fromkeys(range(4), 2), load=load))
    assert loads(plan, load) == {"a": 4, "b": 4, "c": 4}


def test_who_knows_the_category_comes_first_where_the_shares_stay_even():
    expert = {("a", 0), ("a", 1), ("b", 2), ("b", 3), ("c", 4), ("c", 5)}
    plan = solve_assignment(problem(need=dict.fromkeys(range(6), 1), expert=expert))
    assert set(plan.pairs) == expert
    uneven = solve_assignment(
        problem(need=dict.fromkeys(range(6), 1), expert={("a", n) for n in range(6)})
    )
    assert set(loads(uneven, {}).values()) == {2}
    assert uneven.strange == 4


def test_with_nobody_free_everything_lacks():
    barred = {(who, what) for who in "abc" for what in range(6)}
    assert solve_assignment(problem(barred=barred)).missing == dict.fromkeys(range(6), 2)


def test_one_that_has_to_stop_before_a_plan_was_found_gives_none():
    asked = problem(need=dict.fromkeys(range(60), 3), load={n: n % 3 for n in range(12)})
    assert solve_assignment(asked) is not None
    assert solve_assignment(asked, has_to_stop=lambda: True) is None


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.integers(0, 12), st.integers(0, 3), min_size=1),
    st.dictionaries(st.integers(0, 5), st.integers(0, 4), min_size=1),
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 12))),
)
def test_no_plan_breaks_a_hard_rule(need, load, barred):
    plan = solve_assignment(AssignmentProblem(need, load, barred, set()))
    assert not set(plan.pairs) & barred
    assert len(set(plan.pairs)) == len(plan.pairs)
    given_to = Counter(what for _, what in plan.pairs)
    for what, wanted in need.items():
        free = sum(1 for who in load if (who, what) not in barred)
        assert given_to[what] == min(wanted, free)
        assert plan.missing.get(what, 0) == wanted - given_to[what]
