"""Reports: the three files say the same, carry no markup of the data, and schedules fall due when they should."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest

from cx.analytics.estimate import Difference, Estimate
from cx.reports import wording
from cx.reports.page import page
from cx.reports.paper import paper
from cx.reports.report import Line, Report
from cx.reports.schedule import due
from cx.reports.spark import spark
from cx.reports.workbook import workbook

EVIL = '=1+1 <script>alert(1)</script> #emph[x] "q" \x07'


@pytest.fixture
def report() -> Report:
    nps = Line("nps", f"NPS {EVIL}", "?", "needs", Estimate(31.0, 27.0, 35.0, 2184, "points"), Difference(-6.0, -9.0, -3.0, -3.9, 0.0001, "points"), 40.0, "higher", (35.0, None, 33.0, 31.0))
    none = Line("csat", "CSAT", "?", "service", Estimate(None, n=0, unit="%", warning="nobody answered"), None, 85.0, "higher")
    rows = {"Scorecard": [{"KPI": EVIL, "Value": 31.0, "n": 2184}, {"KPI": "CSAT", "Value": None, "n": 0}], "Empty": []}
    return Report("Score: card/1", "1 Aug – 31 Oct 2026", "1 May – 31 Jul 2026", date(2026, 10, 31), (("Needs", (nps,)), ("Service", (none,))), (EVIL,), ("Do it",), ("1 KPI is left out",), "http://x/?a=1&b=2", rows)


def test_the_summary_counts_targets_and_changes(report):
    assert report.summary == "0 of 1 targets are met; 0 KPIs got better and 1 worse beyond chance"


def test_the_page_escapes_every_text_and_runs_nothing(report):
    text = page(report).decode()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "27 to 35" in text
    assert "n/a" in text


def test_the_paper_is_a_pdf_and_reads_no_text_as_markup(report):
    made = paper(report)
    assert made.startswith(b"%PDF-")
    assert len(made) > 5000


def test_the_workbook_has_a_sheet_a_table_and_no_formula(report):
    book = openpyxl.load_workbook(io.BytesIO(workbook(report)))
    assert book.sheetnames == ["Summary", "Scorecard"]
    cell = book["Scorecard"]["A2"]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("=1+1")
    assert book["Scorecard"]["B2"].value == 31.0


@pytest.mark.parametrize(("amount", "unit", "text"), [(-0.02, "%", "±0 pts"), (0.3, "points", "±0 pts"), (-0.001, "score", "±0"), (20.0, "EUR", "±0"), (0.26, "%", "+0.3 pts"), (-6.0, "points", "-6 pts")])
def test_a_change_that_rounds_to_nothing_has_no_direction(amount, unit, text):
    assert wording.change(Difference(amount, unit=unit)) == text


def test_a_trend_leaves_gaps_open():
    assert spark([1.0]) == ""
    assert spark([1.0, 2.0, None, 2.0, 3.0]).count("<polyline") == 2


@pytest.mark.parametrize(("rhythm", "weekday", "expected"), [("daily", None, "2026-11-20T06"), ("weekly", "thursday", "2026-11-26T06"), ("weekly", None, "2026-11-23T06"), ("monthly", None, "2026-12-01T06"), ("quarterly", None, "2027-01-01T06")])
def test_a_schedule_falls_due_after_now(rhythm, weekday, expected):
    assert due(rhythm, weekday, 6, datetime(2026, 11, 19, 6, tzinfo=UTC)).isoformat().startswith(expected)
