"""The demo company keeps to the datasets' schemas and hangs together."""

from __future__ import annotations

import time
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from cx.demo import END, company, events
from cx.facts.datasets import DATASETS

SIZES = {
    "customers": (4_500, 5_500), "responses": (60_000, 120_000), "mentions": (2_500, 3_500), "interactions": (200_000, 300_000), "tickets": (12_000, 18_000),
    "deals": (3_400, 4_600), "subscriptions": (6_000, 14_000), "orders": (25_000, 37_000), "campaigns": (3_000, 6_000), "measurements": (8_000, 20_000),
    "step_runs": (30_000, 60_000), "trainings": (200, 450),
}  # fmt: skip


@pytest.mark.parametrize("name", list(DATASETS))
def test_each_table_has_the_columns_of_its_dataset_then_key_and_line(tables: dict[str, pa.Table], name: str) -> None:
    own = DATASETS[name].arrow
    assert tables[name].schema.equals(pa.schema([*own, pa.field("key", pa.string()), pa.field("line", pa.int64())]))


@pytest.mark.parametrize("name", list(DATASETS))
def test_keys_are_the_natural_ones_complete_and_unique(tables: dict[str, pa.Table], name: str) -> None:
    table, dataset = tables[name], DATASETS[name]
    assert table["key"].null_count == 0
    assert pc.count_distinct(table["key"]).as_py() == len(table)
    first = table.slice(0, 1).to_pylist()[0]
    values = [first[c] for c in dataset.key]
    assert first["key"] == "|".join("" if v is None else v if isinstance(v, str) else v.isoformat() for v in values)
    assert table["line"].to_pylist() == list(range(1, len(table) + 1))


@pytest.mark.parametrize("name", list(DATASETS))
def test_no_required_column_is_ever_empty(tables: dict[str, pa.Table], name: str) -> None:
    for column in DATASETS[name].required:
        assert tables[name][column].null_count == 0, column


@pytest.mark.parametrize("name", list(DATASETS))
def test_sizes_are_those_of_a_mid_size_company(tables: dict[str, pa.Table], name: str) -> None:
    low, high = SIZES[name]
    assert low <= len(tables[name]) <= high


def test_about_forty_thousand_answers_and_fewer_than_eighty_thousand_invitations(tables: dict[str, pa.Table]) -> None:
    invitations = pc.sum(pc.equal(tables["responses"]["metric"], "invitation")).as_py()
    assert 20_000 < invitations < 80_000
    assert 35_000 < len(tables["responses"]) - invitations < 52_000


@pytest.mark.parametrize("name", [n for n in DATASETS if "customer_id" in DATASETS[n].types and n != "customers"])
def test_every_customer_named_anywhere_is_known_but_for_anonymous_visitors(tables: dict[str, pa.Table], name: str) -> None:
    known = set(tables["customers"]["customer_id"].to_pylist())
    named = {c for c in pc.unique(tables[name]["customer_id"]).to_pylist() if c is not None and not (name == "interactions" and c.startswith("V"))}
    assert named
    assert named <= known


def test_sales_steps_belong_to_deals_and_complaints_to_tickets_and_deliveries_to_orders(tables: dict[str, pa.Table]) -> None:
    steps = tables["step_runs"]
    for process, name, column in (("sales", "deals", "deal_id"), ("complaint handling", "tickets", "ticket_id"), ("order to delivery", "orders", "order_id")):
        cases = set(steps.filter(pc.equal(steps["process"], process))["case_id"].to_pylist())
        assert cases
        assert cases <= set(tables[name][column].to_pylist())


@pytest.mark.parametrize("name", list(DATASETS))
def test_nothing_dated_by_its_own_clock_happens_after_the_end(tables: dict[str, pa.Table], name: str) -> None:
    latest = pc.max(tables[name][DATASETS[name].time]).as_py()
    assert latest.date() < END


def test_scores_keep_to_their_scales_and_polarity_is_said(tables: dict[str, pa.Table]) -> None:
    answers = tables["responses"].to_pandas()
    scored = answers[answers.score.notna()]
    assert (scored.score >= scored.scale_min).all()
    assert (scored.score <= scored.scale_max).all()
    assert scored.higher_is_better.notna().all()
    effort = scored[scored.metric == "ces"]
    assert set(zip(effort.scale_min, effort.scale_max, effort.higher_is_better, strict=True)) == {(1.0, 7.0, True)}


def test_the_same_seed_gives_the_same_company_and_another_seed_another(tables: dict[str, pa.Table]) -> None:
    began = time.perf_counter()
    again = company()
    assert time.perf_counter() - began < 60
    assert all(again[name].equals(tables[name]) for name in tables)
    assert not company(8)["tickets"].equals(tables["tickets"])


def test_the_company_can_end_on_another_day_even_a_leap_day() -> None:
    made = company(7, date(2028, 2, 29))
    assert pc.max(made["tickets"]["created_at"]).as_py().date() < date(2028, 2, 29)
    assert events(date(2028, 2, 29))[-1].day == date(2028, 1, 11)


def test_incidents_are_in_order_and_inside_the_two_years() -> None:
    days = [e.day for e in events()]
    assert days == sorted(days)
    assert date(2024, 11, 1) <= days[0]
    assert days[-1] < END
    assert {e.kind for e in events()} == {"incident", "action"}
