from __future__ import annotations

from datetime import datetime

import ibis
import pytest

from cx.analytics.measure import Measure, Scope, rows
from cx.blueprint.catalogue import KPIS, kpi
from cx.blueprint.groups import GROUPS
from cx.blueprint.kpi import Kpi, where
from cx.blueprint.metrics_page import PAGE, page
from cx.errors import InputError
from cx.facts.datasets import DATASETS
from cx.records import tables as registers
from cx.records.registry import registers as every_register

ROWS = list(KPIS.values())
REGISTERED = {name for row in ROWS for name in row.measure.needs} - set(DATASETS)
SCHEMAS = {name: d.mirrored for name, d in DATASETS.items()} | {name: registers.schema(name) for name in REGISTERED}
UNBOUND = {name: ibis.table(ibis.schema(kind), name=name) for name, kind in SCHEMAS.items()} | {name: d.unbound for name, d in DATASETS.items()}
YEAR = Scope(datetime(2025, 1, 1), datetime(2026, 1, 1), datetime(2026, 1, 1))


def scope(row: Kpi) -> Scope:
    return Scope(YEAR.start, YEAR.end, YEAR.as_of, options=row.options)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.key)
def test_a_kpi_says_what_it_is(row: Kpi) -> None:
    assert row.question.endswith("?")
    assert row.question[0].isupper()
    assert not row.caveats or row.caveats.endswith(".")
    assert not row.source or row.source.endswith(".")
    assert row.better in ("higher", "lower", "none")
    assert row.group in GROUPS
    assert row.minimum >= 1
    assert row.unit
    assert len(row.text) > 40
    assert ">>>" not in row.text


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.key)
def test_a_kpi_can_be_computed_from_the_datasets_as_they_are(row: Kpi) -> None:
    assert isinstance(row.measure, Measure)
    assert set(row.measure.needs) <= set(DATASETS) | set(every_register())
    expression = row.measure.expression(row.tables(UNBOUND), (), scope(row))
    assert ibis.to_sql(expression, dialect="duckdb")


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.key)
def test_a_kpi_of_no_data_has_no_value_and_says_why(row: Kpi) -> None:
    tables = {name: ibis.memtable(SCHEMAS[name].empty_table()) for name in row.measure.needs}
    found = rows(row.measure.expression(row.tables(tables), (), scope(row)))
    estimate = row.measure.estimate(found[0] if found else {})
    assert estimate.value is None or estimate.n == 0
    assert estimate.value is not None or estimate.warning


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.key)
def test_the_unit_promised_is_the_unit_given(row: Kpi) -> None:
    assert row.unit.startswith("currency") or row.measure.estimate({}).unit in ("", row.unit)


def test_the_catalogue_is_wide_and_every_group_owns_some() -> None:
    assert len(KPIS) >= 60
    assert {row.group for row in ROWS} == set(GROUPS)


def test_a_register_behind_a_kpi_may_be_seen_by_everybody() -> None:
    assert [name for name in REGISTERED if every_register()[name].private] == []


def test_a_filter_keeps_equal_rows_and_rows_among_several() -> None:
    table = ibis.memtable({"metric": ["nps", "ces", "csat", None], "score": [1, 2, 3, 4]})
    kept = where("responses", metric="nps")({"responses": table})["responses"].execute()
    assert list(kept["score"]) == [1]
    kept = where("responses", metric=("nps", "csat"))({"responses": table})["responses"].execute()
    assert sorted(kept["score"]) == [1, 3]


def test_an_unknown_kpi_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match="nps"):
        kpi("happiness")
    assert kpi("nps").title == "NPS"


def test_the_page_of_metrics_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m cx.blueprint.metrics_page"
