from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cx.formula import STARTERS
from cx.ui.export import file_name, neutral, to_csv, to_xlsx

FORMULAS = [
    "=1+1", "=HYPERLINK(\"http://evil.example\",\"x\")", "+1+cmd|' /C calc'!A0", "-2+3", "-2+3+cmd|' /C calc'!A0", "@SUM(A1:A9)", "\t=1+1", "\r=1+1", "\n=1+1", "\x00=1+1", " =1+1",
    "  \u00a0@x", "\ufeff=1", "＝1+1", "＋1", "－1+1", "＠x", "-", "+", "=", "@", "--1", "-1-1", "+491234 567", "=cmd|'/c calc'!A1", "-A1", "+A1", "-1;=1", "-1e5000x",
]  # fmt: skip
NUMBERS = ["-1", "-12.5", "+3", "-1,234.5", "-1e-5", "12"]


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("payload", FORMULAS)
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe(payload: str) -> None:
    assert str(neutral(payload)).startswith("'")


@pytest.mark.parametrize("payload", NUMBERS)
def test_a_text_that_is_a_number_stays(payload: str) -> None:
    assert neutral(payload) == payload


@pytest.mark.parametrize("value", [-3, -2.5, True, None, Decimal("-1.50"), date(2026, 1, 2), 0])
def test_numbers_dates_and_truth_values_pass(value: Any) -> None:
    assert neutral(value) == value


@given(st.lists(st.text(max_size=40), min_size=1, max_size=8))
def test_no_cell_of_any_text_can_start_a_formula(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    for row in rows(to_csv({"text": texts, "other": texts}))[1:]:
        for cell in row:
            start = cell.lstrip(" \u00a0\ufeff\u200b")[:1]
            assert start not in STARTERS or cell in texts, cell  # only plain numbers keep their sign
            if start in STARTERS and start:
                float(cell.replace(",", ""))


@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30), min_size=1))
def test_a_csv_read_again_gives_the_same_texts(texts: list[str]) -> None:
    read = [row[0] if row else "" for row in rows(to_csv({"text": texts, "n": range(len(texts))}))[1:]]
    assert [cell.removeprefix("'") if neutral(text) != text else cell for cell, text in zip(read, texts, strict=True)] == texts


def test_negative_numbers_stay_numbers_and_missing_cells_stay_empty() -> None:
    assert rows(to_csv({"a": [-1.5, None, float("nan")], "b": [-3, 4, None]})) == [["a", "b"], ["-1.5", "-3"], ["", "4"], ["", ""]]


def test_heads_are_neutralised_too() -> None:
    assert rows(to_csv({"=cmd": [1]}))[0] == ["'=cmd"]


def test_a_csv_starts_with_a_mark_so_that_spreadsheets_read_umlauts() -> None:
    assert to_csv({"a": ["Grüße"]}).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table, dict])
def test_tables_of_every_make_are_written_alike(make: Any) -> None:
    assert rows(to_csv(make({"a": [1, 2], "b": ["x", "=y"]}))) == [["a", "b"], ["1", "x"], ["2", "'=y"]]


def test_mixed_columns_become_text() -> None:
    assert rows(to_csv({"a": [1, "x", None]})) == [["a"], ["1"], ["x"], [""]]


@pytest.mark.parametrize("payload", FORMULAS)
def test_a_workbook_never_holds_a_formula(payload: str) -> None:
    sheet = load_workbook(io.BytesIO(to_xlsx({"a": [payload]}))).active
    assert sheet is not None
    assert sheet["A2"].data_type != "f"


def test_a_workbook_keeps_types() -> None:
    moment = datetime(2026, 8, 1, 14, 5, tzinfo=UTC)
    sheet = load_workbook(io.BytesIO(to_xlsx({"n": [-1.5], "day": [date(2026, 8, 1)], "at": [moment], "t": ["x\x07y"]}, "a/b:c"))).active
    assert sheet is not None
    assert [sheet.cell(2, i).value for i in range(1, 5)] == [-1.5, datetime(2026, 8, 1), datetime(2026, 8, 1, 14, 5), "xy"]
    assert sheet["A1"].font.b


def test_a_file_name_is_safe_everywhere() -> None:
    assert file_name("../NPS by segment: Q3/2026", "csv") == "nps-by-segment-q3-2026.csv"
    assert file_name("☃", "csv") == "table.csv"
