"""A linear program: the least sum, one goal after the other, and what it says when stopped."""

import random
from math import inf

from app.optimiser import LinearProgram, Solution


def on_and_on() -> bool:
    return False


def knapsack(has_to_stop, *, is_whole: bool) -> tuple[LinearProgram, dict[int, float]]:
    """A program that takes HiGHS more than a look, and what it costs."""
    chance = random.Random(1)
    program = LinearProgram(has_to_stop)
    columns = [program.column(is_whole=is_whole) for _ in range(60)]
    for _ in range(30):
        weights = {column: chance.randint(1, 100) for column in columns}
        program.row(weights, at_least=sum(weights.values()) / 3)
    return program, {column: chance.randint(1, 100) for column in columns}


def test_the_least_sum_is_found_and_proven():
    program = LinearProgram(on_and_on)
    cheap, dear = program.column(), program.column(5)
    program.row({cheap: 1, dear: 1}, at_least=3, at_most=4)
    assert program.minimise({cheap: 1, dear: 2}) == Solution([1.0, 2.0], 5.0)


def test_a_whole_column_takes_no_part_of_one():
    part, whole = LinearProgram(on_and_on), LinearProgram(on_and_on)
    for program, is_whole in ((part, False), (whole, True)):
        program.row({program.column(9, is_whole=is_whole): 2}, at_least=3)
    assert part.minimise({0: 1}) == Solution([1.5], 1.5)
    assert whole.minimise({0: 1}) == Solution([2.0], 2.0)


def test_a_goal_that_was_reached_is_held_by_a_row_while_the_next_one_is_looked_for():
    program = LinearProgram(on_and_on)
    first, second, third = (program.column(is_whole=True) for _ in range(3))
    program.row({first: 1, second: 1, third: 1}, at_least=2)
    assert program.minimise({first: 1}).bound == 0
    program.row({first: 1}, at_most=0)
    assert program.minimise({second: 1, third: 3}) == Solution([0.0, 1.0, 1.0], 4.0)


def test_what_can_not_be_has_no_values():
    program = LinearProgram(on_and_on)
    program.row({program.column(): 1}, at_least=2)
    assert program.minimise({0: 1}).values is None


def test_one_that_is_stopped_without_whole_columns_has_no_values():
    program, cost = knapsack(lambda: True, is_whole=False)
    assert program.minimise(cost) == Solution(None, -inf)
    program, cost = knapsack(on_and_on, is_whole=False)
    found = program.minimise(cost)
    assert found.values is not None
    assert abs(sum(cost[column] * found.values[column] for column in cost) - found.bound) < 1e-6


def test_one_that_is_stopped_keeps_the_whole_columns_it_was_given():
    program, cost = knapsack(lambda: True, is_whole=True)
    start = dict.fromkeys(cost, 1.0)
    found = program.minimise(cost, start=start)
    assert found.values == list(start.values())
    assert found.bound < sum(cost.values())
