from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from cx import scorecard
from cx.commands import app
from cx.errors import SettingError
from cx.facts import elsewhere
from cx.facts.filters import Filters


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two datasets, one with few columns, one spread over several files."""
    days = pa.array([1_767_225_600_000_000 + i * 86_400_000_000 for i in range(60)], pa.timestamp("us"))
    answers = pa.table({
        "metric": ["nps"] * 60, "score": [10.0, 9.0, 3.0] * 20, "customer_id": [f"C{i}" for i in range(60)], "segment": ["A", "B"] * 30,
        "survey": ["s"] * 60, "response_id": [str(i) for i in range(60)], "answered_at": days,
    })  # fmt: skip
    pq.write_table(answers, tmp_path / "responses.parquet")
    (tmp_path / "tickets").mkdir()
    for i in range(2):
        tickets = pa.table({"ticket_id": [f"{i}{k}" for k in range(10)], "created_at": days.slice(i * 10, 10), "segment": ["A"] * 10})
        pq.write_table(tickets, tmp_path / "tickets" / f"part-{i}.parquet")
    return tmp_path


def test_parquet_files_are_tables_with_what_they_lack_empty(folder: Path) -> None:
    connected = elsewhere.backend(f"duckdb://?facts={folder}")
    assert set(elsewhere.present(connected)) == {"responses", "tickets"}
    assert connected.table("tickets").count().execute() == 20
    assert connected.table("tickets")["resolved_at"].notnull().sum().execute() == 0


def test_the_check_says_what_runs_and_why_the_rest_does_not(folder: Path) -> None:
    done = CliRunner().invoke(app, ["engine", "check", f"duckdb://?facts={folder}", "--json", "--only", "nps,ticket_volume,win_rate,velocity"])
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    rows = {(r["kpi"], r["by"]): r for r in found["kpis"]}
    assert rows["nps", ""]["value"] == pytest.approx(100 / 3)
    assert rows["nps", "segment"]["groups"] == 2
    assert rows["nps", "month"]["seconds"] > 0
    assert rows["ticket_volume", ""]["value"] == 20
    assert rows["win_rate", ""]["reason"] == "lacks the dataset deals"


def test_the_check_succeeds_where_everything_asked_for_runs(folder: Path) -> None:
    done = CliRunner().invoke(app, ["engine", "check", f"duckdb://?facts={folder}", "--only", "nps,ticket_volume"])
    assert done.exit_code == 0, done.stdout
    assert "6 of 6 numbers computed" in done.stdout


def test_the_scorecard_reads_from_the_engine_that_is_set(store: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CX_ENGINE", f"duckdb://?facts={folder}")
    (reading,) = scorecard.read("nps", Filters())
    assert (reading.estimate.n, reading.estimate.value) == (60, pytest.approx(100 / 3))
    assert scorecard.read("closed_loop")[0].estimate.value is None


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "nonsense://x", "duckdb://?facts=/does/not/exist"])
def test_an_engine_that_cannot_be_reached_is_one_sentence(url: str) -> None:
    with pytest.raises(SettingError) as refused:
        elsewhere.backend(url)
    assert "\n" not in str(refused.value)
