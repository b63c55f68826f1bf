"""Erlang C against published tables."""

from __future__ import annotations

import math

import pytest

from cx.analytics.erlang import agents_needed, staffing, wait_probability
from cx.errors import InputError


def test_the_published_example_of_360_calls_in_half_an_hour_with_55_agents() -> None:
    """Mitan's Call Centre Maths: 4-minute calls, 55 agents, answered in 15 s."""
    s = staffing(360, 240, 55, 15, 1800)
    assert (round(s.erlangs), round(s.occupancy, 3), round(s.wait_probability, 3)) == (48, 0.873, 0.239)
    assert (round(s.service_level, 3), round(s.average_wait, 1)) == (0.846, 8.2)


def test_the_published_example_of_100_calls_of_three_minutes_in_half_an_hour() -> None:
    """Call Centre Helper's Erlang C guide: 14 agents, 88.8 % in 20 s, 71.4 % occupied, 20 scheduled at 30 % shrinkage."""
    s = agents_needed(100, 180, 0.8, 20, 1800, 0.3)
    assert (s.agents, s.scheduled) == (14, 20)
    assert (round(s.service_level, 3), round(s.occupancy, 3), round(s.average_wait, 1)) == (0.888, 0.714, 7.8)


@pytest.mark.parametrize(("erlangs", "agents"), [(1, 2), (2.5, 4), (9, 10), (20, 24)])
def test_the_closed_form_equals_the_sum_in_the_textbooks(erlangs: float, agents: int) -> None:
    top = erlangs**agents / math.factorial(agents) * agents / (agents - erlangs)
    assert wait_probability(erlangs, agents) == pytest.approx(top / (sum(erlangs**k / math.factorial(k) for k in range(agents)) + top))


def test_one_agent_is_the_simplest_queue() -> None:
    assert wait_probability(0.5, 1) == pytest.approx(0.5)


def test_without_enough_agents_everyone_waits_for_ever() -> None:
    s = staffing(100, 180, 10, 20, 1800)
    assert (s.wait_probability, s.service_level, s.average_wait, s.occupancy) == (1, 0, math.inf, 1)


def test_nobody_calling_needs_nobody() -> None:
    assert agents_needed(0, 180).agents == 0


def test_a_huge_centre_is_no_overflow() -> None:
    s = agents_needed(200_000, 300, 0.8, 20)
    assert s.agents > s.erlangs > 16_000
    assert s.service_level >= 0.8


def test_one_agent_fewer_would_miss_the_level_and_occupancy_is_obeyed() -> None:
    s = agents_needed(500, 240, 0.9, 10)
    assert staffing(500, 240, s.agents - 1, 10).service_level < 0.9
    assert agents_needed(500, 240, 0.5, 60, max_occupancy=0.8).occupancy <= 0.8


@pytest.mark.parametrize("wrong", [{"contacts": -1}, {"handling": 0}, {"shrinkage": 1.0}])
def test_numbers_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match="must be positive"):
        agents_needed(**({"contacts": 10.0, "handling": 60.0} | wrong))
