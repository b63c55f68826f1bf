"""Files that leave the app: CSV and XLSX in which no cell can act as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from cx.formula import safe
from cx.ui.frame import Data, as_arrow

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CELL = 32_767  # what a spreadsheet cell holds


def neutral(cell: Any) -> Any:
    """The cell as a spreadsheet may safely read it.

    Numbers, dates and truth values pass. A text that could start a formula gets an apostrophe in front: see `cx.formula`.

    >>> neutral("=1+1"), neutral("-12.5"), neutral(-3), neutral("-3+cmd"), neutral("plain")
    ("'=1+1", '-12.5', -3, "'-3+cmd", 'plain')
    """
    if cell is None or isinstance(cell, bool | int | float | Decimal | date | datetime):
        return cell
    return safe(str(cell))


def _plain(cell: Any) -> Any:
    if cell is None or cell is pd.NaT or (isinstance(cell, float) and cell != cell):
        return None
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="microseconds" if cell.microsecond else "seconds")
    return neutral(cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell)


def to_csv(data: Data) -> bytes:
    """The table as UTF-8 CSV with a byte-order mark (so that Excel reads umlauts), CRLF line ends, formulas neutralised."""
    table = as_arrow(data)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_plain(name) for name in table.column_names])
    columns = [column.to_pylist() for column in table.columns]
    writer.writerows([_plain(cell) for cell in row] for row in zip(*columns, strict=True))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def lines_to_csv(lines: Iterable[Iterable[Any]]) -> bytes:
    """Lines as they are, of any length, in the same form as `to_csv`."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_plain(cell) for cell in line] for line in lines)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def to_xlsx(data: Data, sheet: str = "data") -> bytes:
    """The table as a workbook of one sheet, typed, heads bold and frozen; texts are stored as texts, never as formulas."""
    return to_workbook({sheet: data})


def to_workbook(sheets: Mapping[str, Data]) -> bytes:
    """Several tables as one workbook, a sheet each."""
    book = Workbook(write_only=True)
    for name, data in sheets.items():
        _sheet(book, name, as_arrow(data))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, sheet: str, table: pa.Table) -> None:
    page = book.create_sheet(re.sub(r"[\[\]:*?/\\']", " ", sheet)[:31].strip() or "data")
    page.freeze_panes = "A2"

    def written(cell: Any, bold: bool = False) -> Any:
        if cell is None or (isinstance(cell, float) and (cell != cell or cell in (float("inf"), float("-inf")))):
            return None
        if isinstance(cell, datetime):
            cell = cell.replace(tzinfo=None)
        elif not isinstance(cell, bool | int | float | Decimal | date):
            cell = _ILLEGAL.sub("", str(neutral(cell)))[:_CELL]
        out = WriteOnlyCell(page, value=cell)
        if isinstance(cell, str):
            out.data_type = "s"
        if bold:
            out.font = Font(bold=True)
        return out

    page.append([written(name, True) for name in table.column_names])
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        page.append([written(cell) for cell in row])


def file_name(name: str, ending: str) -> str:
    """A name that every file system takes: letters, digits, dots, dashes."""
    stem = re.sub(r"[^\w.-]+", "-", name, flags=re.ASCII).strip("-.").lower() or "table"
    return f"{stem[:80]}.{ending}"


def download(data: Data, name: str, *, key: str | None = None, xlsx: bool = False, label: str | None = None) -> None:
    """A button that hands the table out as CSV (or XLSX). The file is written when it is asked for, not before."""
    ending, mime, write = ("xlsx", XLSX, to_xlsx) if xlsx else ("csv", CSV, to_csv)
    st.download_button(
        label or ending.upper(), data=lambda: write(data), file_name=file_name(name, ending), mime=mime,
        key=key or f"download-{name}-{ending}", icon=":material/download:", on_click="ignore", type="tertiary",
    )  # fmt: skip
