"""Stages, stays and what the open deals are worth."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from cx.analytics.measure import Scope
from cx.analytics.pipeline import stage_conversion, stage_order, time_in_stage, weighted_pipeline

START = datetime(2026, 1, 1)


def history(*cases: tuple[str, tuple[tuple[str, float, float | None], ...]]) -> pd.DataFrame:
    rows = [("sales", case, step, START + timedelta(days=a), None if b is None else START + timedelta(days=b)) for case, steps in cases for step, a, b in steps]
    frame = pd.DataFrame(rows, columns=["process", "case_id", "step", "started_at", "ended_at"])
    return frame.assign(started_at=pd.to_datetime(frame["started_at"]), ended_at=pd.to_datetime(frame["ended_at"]))


RUNS = history(
    ("a", (("Lead", 0, 2), ("Demo", 2, 5), ("Offer", 5, 9))),
    ("b", (("Lead", 0, 4), ("Offer", 4, 6))),
    ("c", (("Lead", 1, 3), ("Demo", 3, None))),
    ("d", (("Lead", 1, 7),)),
)
DEALS = pd.DataFrame({"deal_id": list("abcd"), "status": ["won", "lost", "open", "lost"]})


def test_stages_are_found_in_the_order_deals_enter_them() -> None:
    assert stage_order(RUNS) == ["Lead", "Demo", "Offer"]


def test_conversion_follows_the_cohort_and_leaves_open_deals_out() -> None:
    out = stage_conversion(RUNS, DEALS).set_index("stage")
    assert out[["entered", "went_on", "in_progress", "lost"]].to_numpy().tolist() == [[4, 3, 0, 1], [2, 1, 1, 0], [2, 1, 0, 1]]
    assert out["conversion"].tolist() == [75, 100, 50]


def test_every_deal_that_entered_went_on_is_open_or_is_lost() -> None:
    out = stage_conversion(RUNS, DEALS)
    assert (out["entered"] == out["went_on"] + out["in_progress"] + out["lost"]).all()
    assert (out["lost"] >= 0).all()


def test_other_processes_do_not_count_and_nothing_gives_nothing() -> None:
    assert stage_conversion(RUNS.assign(process="onboarding")).empty
    assert time_in_stage(RUNS.head(0), datetime(2026, 2, 1)).empty


def test_time_in_stage_counts_those_still_there() -> None:
    out = time_in_stage(RUNS, START + timedelta(days=30)).set_index("stage")
    assert out.loc["Lead", ["n", "still_in", "median"]].tolist() == [4, 0, 2]
    assert out.loc["Demo", ["n", "still_in"]].tolist() == [2, 1]
    assert out.loc["Demo", "median"] == 3
    many = history(*((f"m{k}", (("Wait", 0, None if k < 8 else 5),)) for k in range(10)))
    assert time_in_stage(many, START + timedelta(days=30))["median"].tolist() == [None]


def deals(n_won: int, n_lost: int, *open_: tuple[str, int, float | None]) -> tuple[pd.DataFrame, pd.DataFrame]:
    closed = [(f"c{k}", "won" if k < n_won else "lost", "Offer", 100, None) for k in range(n_won + n_lost)]
    rows = closed + [(f"o{k}", "open", stage, amount, p) for k, (stage, amount, p) in enumerate(open_)]
    frame = pd.DataFrame(rows, columns=["deal_id", "status", "stage", "amount_minor", "probability"])
    frame = frame.assign(currency="EUR", created_at=pd.Timestamp(START), closed_at=pd.Timestamp(START) + pd.Timedelta(days=9))
    frame["probability"] = frame["probability"].astype(float)
    frame.loc[frame["status"] == "open", "closed_at"] = pd.NaT
    return frame, history(*((row[0], (("Offer", 0, 9),)) for row in closed))


def test_open_deals_weigh_by_what_their_stage_was_won_before() -> None:
    frame, runs = deals(10, 30, ("Offer", 100_00, 0.9), ("Offer", 300_00, None))
    e = weighted_pipeline(frame, runs)
    assert (e.value, e.n, e.unit, e.warning) == (100, 2, "EUR", "")
    assert 0 <= e.low < e.value < e.high <= 400
    assert e.se == pytest.approx(np.sqrt((100**2 + 300**2) * 0.25 * 0.75))


def test_a_stage_with_little_history_falls_back_and_says_so() -> None:
    frame, runs = deals(5, 5, ("Offer", 100_00, 0.9), ("Lead", 100_00, None), ("Lead", 100_00, 7.0))
    e = weighted_pipeline(frame, runs)
    assert e.value == pytest.approx(90 + 50 + 50)
    assert e.warning == "3 of 3 deals by the team's or the overall probability"
    assert weighted_pipeline(frame, runs, enough=5).warning == "2 of 3 deals by the team's or the overall probability"


def test_without_any_history_deals_without_a_probability_are_left_out() -> None:
    frame, runs = deals(0, 0, ("Offer", 100_00, 0.5), ("Lead", 100_00, None))
    e = weighted_pipeline(frame, runs.head(0))
    assert e.value == 50
    assert "1 open deals without an amount or a probability left out" in e.warning


def test_different_currencies_are_refused() -> None:
    frame, runs = deals(10, 30, ("Offer", 100_00, 0.9), ("Offer", 300_00, None))
    frame.loc[frame.index[-1], "currency"] = "USD"
    e = weighted_pipeline(frame, runs)
    assert e.value is None
    assert "different currencies are never added up" in e.warning
    assert weighted_pipeline(frame, runs, "currency")["value"].tolist() == [25, 75]


def test_the_past_is_seen_as_it_was_then() -> None:
    frame, runs = deals(10, 30)
    e = weighted_pipeline(frame, runs, scope=Scope(as_of=START + timedelta(days=3)))
    assert e.n == 0
    assert e.value is None
    assert weighted_pipeline(frame, runs).value == 0
