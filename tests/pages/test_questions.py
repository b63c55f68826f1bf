"""What steps ask of the engine in one question equals what is reckoned of the rows one by one; questions asked side by side keep their order."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cx import search
from cx.facts import engine
from cx.facts.filters import Filters
from cx.facts.history import revision
from cx.ui import contrast, funnels, measurement_series, segments
from cx.ui.funnels import Question
from cx.ui.remember import each

START, END = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
LAST = datetime(2026, 11, 1, tzinfo=UTC)


def frame(name: str) -> pd.DataFrame:
    return engine.fetch(engine.tables()[name]).to_pandas()


def test_questions_asked_side_by_side_are_answered_in_order_also_from_within_one() -> None:
    def slow(k: int) -> tuple[int, list[int]]:
        time.sleep(0.02 * (3 - k % 3))
        return k, each(lambda x: x * k, range(3))

    assert each(slow, range(6)) == [(k, [0, k, 2 * k]) for k in range(6)]
    assert each(lambda k: threading.current_thread() is threading.main_thread(), [1]) == [True]
    with pytest.raises(ZeroDivisionError):
        each(lambda k: 1 // k, [1, 0])


def test_a_segment_is_described_as_its_customers_are_one_by_one(demo: str) -> None:
    now = revision(demo)
    found = segments.described(now, json.dumps({"all": [{"column": "segment", "operator": "=", "value": "Mid-market"}]}), LAST)
    customers, orders = frame("customers"), frame("orders")
    mine = customers[customers["segment"] == "Mid-market"]
    past = orders[(orders["ordered_at"] < LAST.replace(tzinfo=None)) & orders["amount_minor"].notna()]
    past = past[~past["status"].isin(["cancelled", "canceled"])] if "status" in past else past
    assert (found["n"], found["total"]) == (len(mine), len(customers))
    paid = past.groupby("customer_id")["amount_minor"].sum()
    assert found["own"] == pytest.approx(paid[paid.index.isin(mine["customer_id"])].sum())
    assert found["all"] == pytest.approx(paid[paid.index.isin(customers["customer_id"])].sum())
    for column in ("industry", "country", "segment", "plan"):
        counted = mine[column].dropna().value_counts()
        most = sorted(counted[counted == counted.max()].index)[0]
        assert found[column] == (most, int(counted.max())), column


def test_who_was_lost_in_a_period_is_counted_as_the_list_has_it(demo: str) -> None:
    customers = frame("customers")
    first, end = START.replace(tzinfo=None), END.replace(tzinfo=None)
    for segment, n, lost, _ in segments.worth(revision(demo), Filters(START, END), "segment", LAST):
        mine = customers[customers["segment"] == segment] if segment else customers[customers["segment"].isna()]
        began = mine[(mine["joined_at"] < first) & (mine["left_at"].isna() | (mine["left_at"] >= first))]
        assert n == len(mine)
        assert lost.n == len(began)
        assert lost.value == pytest.approx(100 * (began["left_at"] < end).mean())


def test_how_a_characteristic_keeps_its_limits_is_counted_over_all_its_measurements(demo: str) -> None:
    rows = frame("measurements")
    rows = rows[(rows["measured_at"] >= START.replace(tzinfo=None)) & (rows["measured_at"] < END.replace(tzinfo=None))]
    valued = rows[rows["value"].notna()]["characteristic"].value_counts().index[0]
    counted = rows[rows["defectives"].notna()]["characteristic"].value_counts().index[0]
    values = rows[rows["characteristic"] == valued]["value"].dropna()
    low, high = float(values.quantile(0.1)), float(values.quantile(0.8))
    both, upper, pieces, none = measurement_series.keeping(
        revision(demo), Filters(START, END), ((valued, low, high), (valued, None, high), (counted, None, None), ("never measured", 1.0, 2.0))
    )  # fmt: skip
    assert (both.inside, both.total) == (values.between(low, high).sum(), len(values))
    assert upper.inside == (values <= high).sum()
    inspected = rows[(rows["characteristic"] == counted) & rows["defectives"].notna() & rows["sample_size"].notna()]
    assert (pieces.bad, pieces.size) == (inspected["defectives"].sum(), inspected["sample_size"].sum())
    assert (none.inside, none.total, none.bad, none.size) == (0, 0, 0, 0)


def test_a_contrast_and_the_funnel_beside_it_say_the_same(demo: str) -> None:
    now, filters, question = revision(demo), Filters(START, END), Question(("Order placed", "Delivery", "First use"), window=60)
    first, second, *_ = segments.values(now, "segment")
    found = contrast.lines(now, filters, "segment", first, second, question, (), LAST)
    line = next(one for one in found if one.unit == "%" and "→" in one.what)
    shown = [funnels.answers(now, filters.narrowed("segment", name), question, "", LAST)[0].conversion for name in (first, second)]
    assert [line.first, line.second] == shown


def test_a_report_stands_while_what_moved_is_still_searched_for(demo: str) -> None:
    app = AppTest.from_file(str(Path(__file__).parents[2] / "pages" / "10_reporting.py"), default_timeout=120)
    app.session_state["step"] = "reports"
    app.session_state["period"] = "quarter"
    app.run()
    assert not app.exception
    said = "\n".join(m.value for m in app.markdown)
    assert "targets are met" in said
    assert "Testing every KPI" in said
    search.worker().submit(int).result(timeout=120)  # one search at a time: this one's turn comes after it
    app.run()
    assert not app.exception
    assert "Testing every KPI" not in "\n".join(m.value for m in app.markdown)
    assert "•" in "\n".join(str(element.value) for element in [*app.markdown, *app.text])

