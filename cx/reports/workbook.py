"""The report as a workbook: a summary, and a sheet for each table. Texts are stored as texts, so that none acts as a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from cx.reports.page import foot, head
from cx.reports.report import Report

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def workbook(report: Report) -> bytes:
    """The file."""
    book = Workbook(write_only=True)
    summary = book.create_sheet("Summary")
    summary.column_dimensions["A"].width = 120
    for words, bold in ((report.title, True), (head(report), False), (report.summary, True), ("", False)):
        summary.append([_cell(summary, words, bold)])
    for title, sentences in (("What moved", report.findings), ("What to do next", report.advice)):
        if sentences:
            for words, bold in ((title, True), *((s, False) for s in sentences), ("", False)):
                summary.append([_cell(summary, words, bold)])
    summary.append([_cell(summary, foot(report), False)])
    for name, rows in report.tables.items():
        if rows:
            _sheet(book, name, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, name: str, rows: Sequence[Any]) -> None:
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\']", " ", name)[:31].strip() or "Table")
    sheet.freeze_panes = "A2"
    columns = list(dict.fromkeys(key for row in rows for key in row))
    for i, column in enumerate(columns):
        sheet.column_dimensions[chr(65 + i) if i < 26 else f"A{chr(65 + i - 26)}"].width = 26 if column in ("KPI", "Beware") else 13
    sheet.append([_cell(sheet, column, True) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, row.get(column), False) for column in columns])


def _cell(sheet: Any, content: Any, bold: bool) -> Any:
    if isinstance(content, float) and content != content:
        content = None
    if content is not None and not isinstance(content, int | float):
        content = _ILLEGAL.sub("", str(content))[:32_767]
    cell = WriteOnlyCell(sheet, value=content)
    if isinstance(content, str):
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=len(content) > 40, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell
