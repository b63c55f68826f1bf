"""Tables: right-aligned numbers with the unit in the head, every text as text, a CSV that is safe."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from cx.ui import export
from cx.ui import format as words
from cx.ui.frame import Data, as_arrow
from cx.ui.text import quiet

PAGE = 1_000
WHOLE = 16  # rows a table shows at once; a longer one scrolls within itself
MEASURED = 10  # rows by which the browser sets the width of a column
LETTER, WIDEST = 5.9, 320  # pixels of an average letter, and of a column at most
_NUMBER = re.compile(r"[↑↓→✓✗±<>+\-–€$£¥.,%\d\s]|\b(?:pts|d|h|min|s|m|bn|n/a|a day)\b")


def numeric(texts: Sequence[str]) -> bool:
    """Whether a column of text holds nothing but numbers with their units, and so stands to the right like any number.

    >>> numeric(["84 %", "↓ -6 pts ✓", "n/a"]), numeric(["2 h 10 min", ""]), numeric(["31 Oct 2026"]), numeric(["29 of 46"]), numeric(["–"])
    (True, True, False, False, False)
    """
    return any(c.isdigit() for text in texts for c in text) and not any(_NUMBER.sub("", text) for text in texts)


def _hidden(texts: Sequence[str], title: str) -> int | None:
    """The width of a column of which the browser would cut the longest text; None for every other.

    It measures the first rows and leaves out what is more than twice as long as their mean.
    """
    first = [len(text) for text in texts[:MEASURED]]
    mean = sum(first) / max(len(first), 1)
    seen = max([len(title), *(n for n in first if n < 2 * mean or len(first) <= 5)])
    longest = max(map(len, texts), default=0)
    return min(round(LETTER * longest + 20), WIDEST) if seen < longest and seen * LETTER < WIDEST else None


def table(
    data: Data, key: str, *, titles: Mapping[str, str] | None = None, units: Mapping[str, str] | None = None, help: Mapping[str, str] | None = None,
    clicks: bool = False, csv: bool = True, height: int | None = None, alt: str = "", columns: Sequence[str] | None = None,
) -> int | None:  # fmt: skip
    """Show a table, at most its first 1,000 rows (the CSV has all). Returns the number of the clicked row where `clicks`.

    Shares and points are shown with one decimal unless all are whole, money in whole currency; the unit stands in the head. Durations are
    written out. Other text is shown as it is: a table reads no Markdown.
    """
    whole = as_arrow(data)
    shown = whole.slice(0, PAGE).select(list(columns)) if columns else whole.slice(0, PAGE)
    config: dict[str, Any] = {}
    for name in shown.column_names:
        unit = (units or {}).get(name, "")
        title = (titles or {}).get(name, name)
        note = (help or {}).get(name)
        kind = shown.schema.field(name).type
        if unit and words.is_time(unit):
            written = pa.array([None if v is None else words.value(v, unit) for v in shown[name].to_pylist()], pa.string())
            shown = shown.set_column(shown.column_names.index(name), name, written)
            config[name] = st.column_config.TextColumn(title, help=note, alignment="right")
        elif unit and words.is_money(unit):
            cents = words.minor(unit)
            shown = shown.set_column(shown.column_names.index(name), name, pa.array([None if v is None else v / cents for v in shown[name].to_pylist()], pa.float64()))
            config[name] = st.column_config.NumberColumn(f"{title}, {unit}", help=note, format="localized" if cents == 1 else "%,.0f")
        elif pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            whole_numbers = pc.all(pc.equal(pc.round(shown[name]), shown[name])).as_py() is not False
            config[name] = st.column_config.NumberColumn(f"{title}, {unit}" if unit else title, help=note, format="%,.0f" if whole_numbers else "%,.1f")
        elif pa.types.is_integer(kind):
            config[name] = st.column_config.NumberColumn(f"{title}, {unit}" if unit else title, help=note, format="%,d")
        elif pa.types.is_timestamp(kind):
            config[name] = st.column_config.DatetimeColumn(title, help=note, format="D MMM YYYY, HH:mm")
        elif pa.types.is_date(kind):
            config[name] = st.column_config.DateColumn(title, help=note, format="D MMM YYYY")
        else:
            texts = ["" if v is None else str(v) for v in shown[name].to_pylist()]
            config[name] = st.column_config.Column(title, help=note, width=_hidden(texts, title), alignment="right" if numeric(texts) else None)
    small = shown.num_rows <= WHOLE and (height is None or (isinstance(height, int) and 32 * (shown.num_rows + 1) < height + 32))
    size: Any = "content" if small else height or 440
    picked: int | None = None
    if clicks:
        event = st.dataframe(shown, hide_index=True, placeholder="–", column_config=config, key=key, height=size, alt=alt or None, on_select="rerun", selection_mode="single-row")
        rows = event["selection"]["rows"]
        picked = int(rows[0]) if rows else None
    else:
        st.dataframe(shown, hide_index=True, placeholder="–", column_config=config, key=key, height=size, alt=alt or None)
    if csv or whole.num_rows > PAGE:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if csv:
                export.download(whole, key, key=f"{key}-csv")
            if whole.num_rows > PAGE:
                quiet(f"first {PAGE:,} of {whole.num_rows:,} rows")
    return picked
