"""Processes drawn from an event log: what was waited in queues is simulated, and so not waited a second time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cx.analytics.drawn_process import Step, measured, model
from cx.analytics.simulation import erlang_wait, simulate

# a clerk asked for half of the time: of the 90 minutes waited before each case, theory says 60 are the queue
STEP = Step("serve", "clerk", wait=90.0, work=60.0)


def test_the_queue_within_a_measured_wait_is_not_waited_twice() -> None:
    assert 60 * erlang_wait(0.5, 1.0, 1) == pytest.approx(60)
    (drawn,) = measured((STEP,), 4.0)
    assert drawn.wait == pytest.approx(30, abs=12)
    lead = simulate(model((drawn,), 4.0), hours=800, replications=10).figures["lead_mean"].value
    twice = simulate(model((STEP,), 4.0), hours=800, replications=10).figures["lead_mean"].value
    assert lead == pytest.approx(2.5, abs=0.3)
    assert twice == pytest.approx(3.5, abs=0.3)


def test_a_wait_shorter_than_its_queue_leaves_none_and_people_are_enough_for_the_work() -> None:
    drawn = measured((replace(STEP, wait=5.0), Step("pack", "packer", 0.0, 180.0)), 8.0)
    assert [step.wait for step in drawn] == [0.0, 0.0]
    assert max(model(drawn, 8.0).load().values()) <= 0.85
