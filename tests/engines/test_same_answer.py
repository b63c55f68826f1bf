"""DuckDB, PostgreSQL and Spark give the same value, interval and n for every KPI, overall, by segment and by month."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cx.analytics.estimate import Estimate
from cx.blueprint.catalogue import KPIS
from cx.commands.engine import Answers, answers, askable, scope_of
from cx.errors import MeasureError
from cx.facts import elsewhere
from tests.engines import facts

END = datetime(2026, 11, 1, tzinfo=UTC)
ASKED = list(askable())

# One worker runs all of it: starting Spark once costs less than once a worker.
pytestmark = pytest.mark.xdist_group("engines")


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    tables = facts.small()
    return tables, facts.as_parquet(tables, tmp_path_factory.mktemp("facts"))


@pytest.fixture(scope="session")
def reference(company: tuple[dict[str, Any], Path]) -> dict[tuple[str, tuple[str, ...]], Answers]:
    return computed(f"duckdb://?facts={company[1]}")


@pytest.fixture(scope="session")
def postgres_url(company: tuple[dict[str, Any], Path], postgres_server: str | None) -> Iterator[str]:
    if postgres_server is None:
        pytest.skip("PostgreSQL is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        facts.on_postgres(company[0], postgres_server)
    yield postgres_server
    elsewhere.backend(postgres_server).disconnect()


@pytest.fixture(scope="session")
def spark_url(company: tuple[dict[str, Any], Path]) -> Iterator[str]:
    pytest.importorskip("pyspark")
    url = facts.spark_url(company[1])
    yield url
    facts.end_spark(elsewhere.backend(url)._session)


def computed(url: str) -> dict[tuple[str, tuple[str, ...]], Answers]:
    """Every KPI on one engine; one that cannot be broken down has nothing by segment or month."""
    out = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the engines say of themselves
        connected = elsewhere.backend(url)
        for row, by in ASKED:
            try:
                out[row.key, by] = answers(connected, row, by, scope_of(row, END))
            except MeasureError:
                assert by, row.key
    return out


def close(mine: float | None, other: float | None) -> bool:
    if mine is None or other is None:
        return mine is other
    return math.isclose(mine, other, rel_tol=1e-9, abs_tol=1e-9)


def same(mine: Estimate, other: Estimate) -> bool:
    return mine.n == other.n and mine.unit == other.unit and all(close(getattr(mine, f), getattr(other, f)) for f in ("value", "low", "high"))


def differing(reference: dict[Any, Answers], found: dict[Any, Answers], name: str) -> list[str]:
    """What differs, after a table of how much was compared."""
    wrong = []
    groups = 0
    for asked, mine in reference.items():
        other = found[asked]
        groups += len(mine)
        if set(mine) != set(other):
            wrong.append(f"{asked}: groups {set(mine) ^ set(other)}")
        wrong += [f"{asked} {key}: {mine[key]} and on {name} {other[key]}" for key in mine if key in other and not same(mine[key], other[key])]
    kpis = len({key for key, _ in reference})
    print(f"{name:<12}{kpis:>5} KPIs{len(reference):>6} questions{groups:>7} numbers{len(wrong):>5} differ")
    return wrong


def test_the_small_company_answers_every_question(reference: dict[Any, Answers]) -> None:
    silent = {key for key, _ in reference} - {key for (key, _), found in reference.items() if any(e.value is not None for e in found.values())}
    assert silent <= {"ces"}
    assert {key for key, _ in reference} == {row.key for row, _ in ASKED} <= set(KPIS)


def test_postgresql_gives_the_same_answers(reference: dict[Any, Answers], postgres_url: str) -> None:
    assert differing(reference, computed(postgres_url), "PostgreSQL") == []


@pytest.mark.skipif(os.environ.get("CX_TEST_SPARK", "1") == "0", reason="Spark takes minutes; CX_TEST_SPARK=0 leaves it out")
def test_spark_gives_the_same_answers(reference: dict[Any, Answers], spark_url: str) -> None:
    assert differing(reference, computed(spark_url), "Spark") == []
