"""How a chart stands on a page: a finding as title, the chart, a table behind a button, and what was clicked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from cx.errors import InputError
from cx.ui import breadth, export
from cx.ui import format as words
from cx.ui.charts.spec import PICK, Spec
from cx.ui.frame import Data, as_arrow
from cx.ui.text import escape, quiet

MOST_MARKS = 5_000
MEASURED = frozenset({"value", "low", "high", "previous", "q1", "median", "q3", "from", "to", "center"})


def tabled(data: Data, required: Sequence[str], optional: Sequence[str] = ()) -> pa.Table:
    """The data as Arrow with exactly these columns; optional ones are filled with nulls.

    Raises InputError for a missing column and for more rows than a browser should draw.
    """
    table = as_arrow(data)
    missing = [name for name in required if name not in table.column_names]
    if missing:
        raise InputError(f"the chart needs the columns {', '.join(required)}", f"{', '.join(missing)} is missing", "rename or add it")
    if table.num_rows > MOST_MARKS:
        raise InputError(f"a chart draws at most {MOST_MARKS:,} rows", f"got {table.num_rows:,}", "aggregate them first")
    for name in optional:
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows, pa.float64()))
    return table.select([*required, *optional])


def milliseconds(moment: date | datetime | float | None) -> float | None:
    """A date or moment as milliseconds since 1970 in UTC, the only form in which time reaches a chart."""
    if moment is None or isinstance(moment, int | float):
        return None if moment is None else float(moment)
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp() * 1000


def heading(title: str, key: str, table: Data, unit: str = "") -> None:
    """The title and, right behind it, the button to the table. Further right Streamlit's own tools appear on hover."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"**{escape(title)}**", width="content")
        behind = st.popover("Table", type="tertiary", help="Table and CSV", key=f"{key}-table", on_change="rerun")
        if behind.open:
            with behind:
                read = with_unit(as_arrow(table), unit)
                st.dataframe(read, hide_index=True, height="content" if read.num_rows <= 14 else 420)
                export.download(read, key, key=f"{key}-csv")


def show(
    key: str, title: str, spec: Spec, tables: Mapping[str, pa.Table], *, alt: str, behind: Data, note: str = "",
    height: int = 260, pick: Sequence[str] = (), unit: str = "", least: float = 0,
) -> dict[str, Any] | None:  # fmt: skip
    """Draw a compiled chart with its furniture, never narrower than `least` pixels: what is wider than the screen scrolls sideways.

    Returns the clicked group as {field: value} where `pick` names fields.
    """
    if not alt.strip():
        raise InputError("a chart says its takeaway in words", "alt is empty", "pass alt")
    heading(title, key, behind, unit)
    filled = {name: table for name, table in tables.items() if table.num_rows}
    if "main" not in filled:
        nothing()
        return None
    spec = {**spec, "data": {"name": "main"}, "datasets": filled, "height": height}
    if not pick:
        with breadth.at_least(least):
            st.vega_lite_chart(spec=spec, alt=alt, key=key)
        _said(note)
        return None
    with breadth.at_least(least):
        event = st.vega_lite_chart(spec=spec, alt=alt, key=key, on_select="rerun", selection_mode=PICK)
    _said(note)
    picked = event["selection"].get(PICK) or []
    return {name: picked[0].get(name) for name in pick} if picked else None


def _said(note: str) -> None:
    if note:
        quiet(note)


def nothing() -> None:
    """What stands where a chart would, had anything been selected."""
    quiet("Nothing to draw: no data in this selection.")


def scaled(table: pa.Table, factor: float, columns: Sequence[str] = ("value",)) -> pa.Table:
    """The table with some columns multiplied, so that their axis has round ticks."""
    if factor == 1.0:
        return table
    for name in columns:
        i = table.column_names.index(name)
        table = table.set_column(i, name, pc.multiply(table[name].cast(pa.float64()), factor))
    return table


def with_unit(table: pa.Table, unit: str) -> pa.Table:
    """The table behind a chart with the unit in the heads of measured columns, and money in whole currency."""
    if words.is_money(unit):
        table = scaled(table, 1 / words.minor(unit), [name for name in table.column_names if name in MEASURED])
    return table.rename_columns([f"{name} ({unit})" if unit and name in MEASURED else name for name in table.column_names])
