"""Simulation against queueing theory and against itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pandas as pd
import pytest

from cx.analytics.simulation import Model, Task, change, discovered, erlang_wait, simulate
from cx.errors import MeasureError

ONE = Model((Task("serve", "clerk", 1.0),), {"serve": 1.0}, 0.5, {"clerk": 1})


def test_erlang_gives_the_waits_of_the_textbook() -> None:
    assert erlang_wait(0.5, 1, 1) == pytest.approx(1.0)  # M/M/1: rho / (mu - lambda)
    assert erlang_wait(1.5, 1, 2) == pytest.approx(1.2857, abs=1e-4)  # M/M/2 with rho 0.75: rho^2 / (mu (1 - rho^2))
    assert erlang_wait(2, 1, 2) == float("inf")


@pytest.mark.parametrize(("arrivals", "servers"), [(0.5, 1), (1.2, 2)])
def test_a_queue_waits_as_theory_says(arrivals: float, servers: int) -> None:
    model = replace(ONE, arrivals=arrivals, capacity={"clerk": servers})
    found = simulate(model, hours=2500, replications=16, seed=1)
    wait, use = found.waits["serve"], found.utilisation["clerk"]
    assert wait.low is not None
    assert wait.high is not None
    assert wait.se is not None
    assert abs((wait.value or 0) - erlang_wait(arrivals, 1, servers)) < 4 * wait.se
    assert use.value == pytest.approx(100 * arrivals / servers, abs=3)
    assert found.figures["throughput"].value == pytest.approx(arrivals, rel=0.05)


def test_constant_work_halves_the_wait_as_pollaczek_and_khinchine_say() -> None:
    found = simulate(replace(ONE, tasks=(Task("serve", "clerk", 1.0, 0.0),)), hours=2500, replications=12)
    wait = found.waits["serve"]
    assert abs((wait.value or 0) - 0.5) < 3 * (wait.se or 0)


def test_rework_multiplies_the_runs_of_a_step() -> None:
    loop = replace(ONE, tasks=(Task("serve", "clerk", 0.5, 1.0, {"serve": 0.5}),))
    assert loop.visits() == {"serve": pytest.approx(2.0)}
    assert loop.load() == {"clerk": pytest.approx(0.5)}


def test_the_same_seed_gives_the_same_run_and_pairs_two_models() -> None:
    first, again = simulate(ONE, hours=300, replications=8), simulate(ONE, hours=300, replications=8)
    assert first.replications.equals(again.replications)
    better = simulate(replace(ONE, capacity={"clerk": 2}), hours=300, replications=8)
    gap = change(first, better)
    assert gap.value is not None
    assert gap.value < 0
    assert gap.significant
    assert change(first, again).value == 0


def test_a_role_asked_for_too_much_is_named() -> None:
    found = simulate(replace(ONE, arrivals=1.5), hours=100, replications=2)
    assert "clerk is asked for 150 %" in found.warnings[0]


def test_one_replication_and_no_case_are_said() -> None:
    assert "no interval" in simulate(ONE, hours=100, replications=1).figures["lead_mean"].warning
    assert "no case was finished: simulate more hours" in simulate(replace(ONE, arrivals=1e-6), hours=10, replications=2).warnings


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (replace(ONE, arrivals=0), "above 0"),
        (replace(ONE, start={"gone": 1.0}), "'gone' is not"),
        (replace(ONE, start={"serve": 0.5}), "add up to 1"),
        (replace(ONE, capacity={}), "capacity of at least 1"),
        (replace(ONE, tasks=(Task("serve", "clerk", 1.0, 1.0, {"serve": 1.0}),)), "loop without an exit"),
        (replace(ONE, arrivals=1e6), "at most 200000 cases"),
    ],
)
def test_a_model_that_cannot_run_is_refused(model: Model, reason: str) -> None:
    with pytest.raises(MeasureError, match=reason):
        simulate(model)


def test_a_log_becomes_a_model_that_gives_back_its_times() -> None:
    start, rows = datetime(2025, 1, 1), []
    for case in range(200):
        at = start + timedelta(hours=2 * case)
        rows.append((str(case), "take", "sales", at, at + timedelta(minutes=30)))
        rows.append((str(case), "pack", "store", at + timedelta(hours=1), at + timedelta(hours=2)))
        if case % 4 == 0:
            rows.append((str(case), "pack", "store", at + timedelta(hours=3), at + timedelta(hours=4)))
    model = discovered(pd.DataFrame(rows, columns=["case_id", "step", "role", "started_at", "ended_at"]))
    take, pack = model.tasks
    assert (take.work, take.role, take.follows) == (0.5, "sales", {"pack": 1.0})
    assert pack.follows == {"pack": pytest.approx(50 / 250)}
    assert model.arrivals == pytest.approx(200 / 398)
    assert model.capacity == {"sales": 1, "store": 2}
    assert simulate(model, hours=500, replications=3).figures["lead_mean"].value == pytest.approx(2.9, rel=0.4)


def test_value_added_work_gives_cycle_efficiency() -> None:
    model = replace(ONE, arrivals=0.01, tasks=(Task("serve", "clerk", 1.0, 0.0, delay=3.0, value_added=True),))
    assert simulate(model, hours=2000, replications=3).figures["cycle_efficiency"].value == pytest.approx(25, abs=0.5)
